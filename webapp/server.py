"""The one ASGI application: the API outside, the pages (Flask) mounted at "/", both behind the guards."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache

import psutil
from a2wsgi import WSGIMiddleware
from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.routing import Match, Mount
from starlette.types import Scope

from core import jobs
from core.job_runs import SERVER
from core.keeping import tidy
from core.processes import ProcessKey
from core.settings import Settings
from core.workspace import Workspace
from webapp import docs
from webapp.api import create_api
from webapp.app import create_app, policy
from webapp.errors import Faults
from webapp.guards import BodyLimit, KnownHost, QuietRefusals, SameOrigin, SecurityHeaders, content_policy
from webapp.inline import hashes

THREADS = 12  # callbacks at a time in one worker
_PACKED = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream")


def create_server() -> FastAPI:
    """The application of one worker; settings come from the environment. Factory for uvicorn."""
    settings = Settings.from_environment()
    workspace = Workspace(settings)
    me = ProcessKey.of()
    os.environ[SERVER] = str(me)  # jobs that this worker starts end with it
    _end_with_parent()
    _keep_the_address_from_forks()
    logging.getLogger("uvicorn.access").addFilter(_without_ids)

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(tidy, settings)
        yield
        await asyncio.to_thread(jobs.stop_all, me, settings)

    pages = create_app(workspace)
    api = create_api(workspace, lifespan)
    page = docs.install(api)
    api.router.routes.append(_Pages("/", WSGIMiddleware(pages.server, workers=THREADS), api=api))
    limits = dict.fromkeys(("/score", "/plan", "/api/uploads"), settings.max_upload_bytes)
    # The last one added is the outermost.
    api.add_middleware(BodyLimit, limits=limits)
    api.add_middleware(SameOrigin)
    api.add_middleware(KnownHost, allowed=settings.allowed_hosts.split(","))
    api.add_middleware(
        GZipMiddleware,
        minimum_size=1000,
        compresslevel=6,
        exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, *_PACKED),
    )
    api.add_middleware(Faults)
    api.add_middleware(QuietRefusals)
    api.add_middleware(
        SecurityHeaders, policy=policy(pages), policies={"/docs": content_policy(hashes(page))}
    )
    return api


class _Pages(Mount):
    """The pages take every address that is not the API's, so that a wrong API call is told as one."""

    def __init__(self, path: str, app: WSGIMiddleware, api: FastAPI) -> None:
        super().__init__(path, app)  # type: ignore[arg-type]
        self.others = [route for route in api.router.routes if route is not self]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        theirs = scope["path"].startswith("/api/") or any(
            route.matches(scope)[0] is not Match.NONE for route in self.others
        )
        return (Match.NONE, {}) if theirs else super().matches(scope)


def _without_ids(line: logging.LogRecord) -> bool:
    """Keep queries and ids out of the access log, where someone turns it on."""
    if isinstance(line.args, tuple) and len(line.args) == 5:
        client, method, path, http, status = line.args
        path = re.sub(r"/(packs|jobs)/[^/?]+", r"/\1/-", str(path).split("?")[0])
        line.args = (client, method, path, http, status)
    return True


def _end_with_parent() -> None:
    """In one of several workers: stop when the process that started them is gone, kill -9 included."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


@cache  # once in a process, however many applications it makes
def _keep_the_address_from_forks() -> None:
    """A background callback is a fork of the worker: holding its sockets, it would keep the address taken
    after the worker has died.
    """
    if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
        os.register_at_fork(after_in_child=_let_go_of_sockets)


def _let_go_of_sockets() -> None:
    for connection in psutil.Process().net_connections(kind="inet"):
        with suppress(OSError):
            os.close(connection.fd)
