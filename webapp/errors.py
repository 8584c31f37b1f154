"""Errors on their way out: problem details (RFC 9457) for programs, a sentence for people, never a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import PersuadableError, Problem, problems_of
from core.faults import reference_id, trace

log = logging.getLogger("persuadable")

MEDIA_TYPE = "application/problem+json"
MAX_PROBLEMS = 1000  # rows told in one answer; `problem_count` says how many there are

_TITLES = {
    "DataError": "The data cannot be used as they are",
    "TooLargeError": "Too large",
    "SettingError": "A setting is out of bounds",
    "ModelError": "The model cannot be used",
    "NotFoundError": "Not found",
    "Cancelled": "Cancelled",
}


def problem(
    status: int,
    detail: str,
    *,
    title: str | None = None,
    kind: str = "about:blank",
    problems: tuple[Problem, ...] = (),
    reference: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem details answer. `problems` and `reference` are extension members, left out where empty."""
    body: dict[str, Any] = {
        "type": kind,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if problems:
        body["problems"] = [one.as_dict() for one in problems[:MAX_PROBLEMS]]
        body["problem_count"] = problems_of(problems)
    if reference:
        body["reference"] = reference
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def of_user(error: PersuadableError) -> JSONResponse:
    """The answer to an error the caller can mend."""
    name = type(error).__name__
    kind = "urn:persuadable:" + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    return problem(error.status, str(error), title=_TITLES.get(name), kind=kind, problems=error.problems)


def record(error: BaseException, where: str) -> str:
    """Log a fault of ours without the values it may quote; returns the reference id to show."""
    reference = reference_id()
    log.error("Fault %s in %s\n%s", reference, where, trace(error))
    return reference


def fault(reference: str) -> str:
    """What a person reads when the fault is ours."""
    return f"Something went wrong on our side. Try again; if it stays, quote reference id {reference}."


def install(api: FastAPI) -> None:
    """Answer every error of the API as problem details."""

    @api.exception_handler(PersuadableError)
    async def user_error(request: Request, error: PersuadableError) -> JSONResponse:
        return of_user(error)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        problems = tuple(
            Problem(str(found["msg"]) + ".", column=str(found["loc"][-1]) if found.get("loc") else None)
            for found in error.errors()
        )
        return problem(422, " ".join(map(str, problems)), title="The request is not valid", problems=problems)

    @api.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        details = {
            404: "There is nothing at this address. What there is stands at /docs.",
            405: f"{request.method} does not work here. What works stands at /docs.",
        }
        detail = details.get(error.status_code, str(error.detail))
        return problem(error.status_code, detail, headers=error.headers)


class Faults:
    """Outermost but one: what nothing else caught becomes a 500 with a reference id, and a log line."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except PersuadableError as error:
            if not started:
                await of_user(error)(scope, receive, send)
        except Exception as error:
            reference = record(error, f"{scope['method']} {scope['path'].split('/')[1]}")
            if started:
                raise ConnectionAbortedError(f"the answer broke off ({reference})") from None
            await problem(500, fault(reference), reference=reference)(scope, receive, send)
