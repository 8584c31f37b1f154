"""Work for a request stops once the client has hung up."""

from __future__ import annotations

from collections.abc import Callable

from anyio import from_thread
from fastapi import Request

from core.errors import Cancelled


def still_wanted(request: Request) -> Callable[[], None]:
    """A checkpoint for the thread that answers `request`, whose body has been read: raises Cancelled once the
    client has closed the connection."""

    def checkpoint() -> None:
        if from_thread.run(request.is_disconnected):
            raise Cancelled("The client hung up.")

    return checkpoint
