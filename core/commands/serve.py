"""`persuadable serve`: the app and the API in one ASGI process, or several."""

from __future__ import annotations

import os
import socket

import uvicorn

from core.errors import SettingError
from core.files import private
from core.hosts import is_loopback
from core.interpreter import import_path
from core.settings import Settings
from core.terminal import say

ALLOWED_HOSTS = "PERSUADABLE_ALLOWED_HOSTS"
SERVER = "webapp.server:create_server"
"""Named, not imported: core knows nothing of the web, uvicorn does."""


def serve(host: str, port: int, workers: int) -> None:
    """Listen until stopped. Raises SettingError where the address is taken."""
    # A server for others is reached by names that it cannot know, a proxy's among them; one for this machine
    # alone is not. What was set stands; the workers read it from the environment.
    if not os.environ.get(ALLOWED_HOSTS) and not is_loopback(host):
        os.environ[ALLOWED_HOSTS] = "*"
    os.environ.update(import_path())  # for its workers and all that they start
    os.umask(0o077)  # what the server and its jobs write are customers' data
    private(Settings.from_environment().artifacts)
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or "refused"
            raise SettingError(
                f"Cannot listen on {host}:{port} ({reason}).", "Choose another with --port."
            ) from None
    say(f"Persuadable is at http://{host}:{port} (stop with Ctrl+C).")
    uvicorn.run(
        SERVER,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,  # seconds for answers under way
        timeout_worker_healthcheck=60,  # a worker deep in a sort or an import is busy, not dead
    )
