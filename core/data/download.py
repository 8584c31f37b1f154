"""A file from a public address, whole and checked, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx

from core.errors import NotAvailableError
from core.files import replacing
from core.progress import Progress, silent

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
OFFLINE = "Without a connection, `persuadable example simulated` makes a campaign on this machine."


def download(
    url: str, path: Path, check: Callable[[Path], None], *, limit: int, progress: Progress = silent
) -> None:
    """Stream `url` into `path`; nothing is left behind unless `check` accepts the bytes.

    limit: bytes after which to stop. Raises NotAvailableError, in words for people, for no connection, an
    answer other than 200, and more bytes than the limit.
    """
    host = httpx.URL(url).host
    try:
        with (
            replacing(path) as beside,
            httpx.stream("GET", url, follow_redirects=True, timeout=_TIMEOUT) as answer,
        ):
            answer.raise_for_status()
            whole = min(int(answer.headers.get("content-length", 0)) or limit, limit)
            size = 0
            with beside.open("wb") as file:
                for chunk in answer.iter_bytes():
                    size += len(chunk)
                    if size > limit:
                        raise NotAvailableError(
                            f"{host} sends more than the file that was published.", OFFLINE
                        )
                    file.write(chunk)
                    progress(f"Downloading from {host}", min(size / whole, 1.0))
            check(beside)
    except (httpx.HTTPError, ValueError) as error:
        raise NotAvailableError(f"{host} could not be reached, or did not send the file.", OFFLINE) from error
