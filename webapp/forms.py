"""Uploads streamed to disk: a multipart form or a raw body, never held in memory, never left behind."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

import anyio.to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.errors import DataError, PersuadableError
from core.files import private
from core.settings import Settings
from webapp.guards import too_large

FILE_NAME = "x-file-name"  # header of a raw body, percent-encoded UTF-8
_FIELDS = 50
_FIELD_BYTES = 10_000
_CHUNK = 1_000_000  # bytes gathered before they are written, in a thread
_LEFT_BEHIND = 86_400.0  # seconds after which an upload of a killed server is removed


class NotAForm(PersuadableError):  # noqa: N818 - named for what was sent
    """A body of another type than the route takes."""

    status = 415


class BadForm(PersuadableError):  # noqa: N818 - named for what was sent
    """A form that breaks its own format."""

    status = 400


@dataclass
class Received:
    """A file as sent. path: where it lies until the answer is given. name: as the sender called it."""

    path: Path
    name: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def inbox(settings: Settings) -> Path:
    """The folder of files being received, private; leftovers of killed servers are removed."""
    folder = private(settings.artifacts / "uploads")
    for path in folder.glob("*.part"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
                path.unlink()
    return folder


async def received(
    request: Request, folder: Path, limit: int, *, raw: bool = False
) -> AsyncIterator[Received]:
    """Yield the file of a request once it is whole on disk; it is removed afterwards and on failure.

    limit: bytes of the file. raw: whether a body that is no form may be the file itself.
    Raises TooLargeError, NotAForm, BadForm, DataError (no file).
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    parcel = Received(folder / f"{secrets.token_hex(16)}.part")
    try:
        with parcel.path.open("wb") as file:
            if kind == b"multipart/form-data" and options.get(b"boundary"):
                form = _form(parcel, file, limit, options[b"boundary"])
                await _pump(request, form.feed)
                form.finish()
            elif raw and kind != b"multipart/form-data" and request.headers.get(FILE_NAME):
                parcel.name = clean_name(unquote(request.headers[FILE_NAME]))
                await _pump(request, _Counted(file, limit).write)
            else:
                raise NotAForm(
                    "The body must be a form of type multipart/form-data.",
                    "With curl: -F file=@customers.csv",
                )
        yield parcel
    finally:
        parcel.path.unlink(missing_ok=True)


def clean_name(name: str) -> str:
    """A sender's file name without folders and control characters, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(ch for ch in last if ch.isprintable()).strip()[-120:] or "upload"


async def _pump(request: Request, write: object) -> None:
    gathered = bytearray()
    async for chunk in request.stream():
        gathered += chunk
        if len(gathered) >= _CHUNK:
            await anyio.to_thread.run_sync(write, bytes(gathered))  # type: ignore[arg-type]
            gathered.clear()
    await anyio.to_thread.run_sync(write, bytes(gathered))  # type: ignore[arg-type]


class _Counted:
    """A file that takes so many bytes and no more."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self.file, self.limit, self.size = file, limit, 0

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self.limit:
            raise too_large(self.limit)
        self.file.write(data)


def _form(parcel: Received, file: BinaryIO, limit: int, boundary: bytes) -> _Form:
    try:
        return _Form(parcel, file, limit, boundary)
    except FormParserError:
        raise BadForm("The form's boundary cannot be used.", "Let your client choose it.") from None


class _Form:
    """Multipart parts as they stream in: the part named `file` to disk, small fields to a dictionary."""

    def __init__(self, parcel: Received, file: BinaryIO, limit: int, boundary: bytes) -> None:
        self.parcel = parcel
        self.counted = _Counted(file, limit)
        self.files, self.ended = 0, False
        self.header, self.value, self.headers = b"", b"", {}  # type: bytes, bytes, dict[bytes, bytes]
        self.name, self.is_file, self.content = "", False, bytearray()
        self.parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._end,
            },
        )

    def feed(self, data: bytes) -> None:
        try:
            self.parser.write(data)
        except FormParserError:
            raise BadForm("The form's body breaks its own format.", "Send it again.") from None

    def finish(self) -> None:
        if not self.ended:
            raise BadForm("The form ended in the middle.", "Send it again.")
        if not self.files:
            raise DataError("The form has no file.", "Send the table in a part named 'file'.")

    def _begin(self) -> None:
        self.headers, self.name, self.is_file, self.content = {}, "", False, bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def _header_end(self) -> None:
        self.headers[self.header.lower()] = self.value
        self.header = self.value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self.headers.get(b"content-disposition"))
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        self.is_file = self.name == "file"
        if self.is_file:
            self.files += 1
            self.parcel.name = clean_name(options.get(b"filename", b"").decode("utf-8", "replace"))
        if self.files > 1:
            raise BadForm("The form has several files.", "Send one file at a time.")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.is_file:
            self.counted.write(data[start:end])
        elif len(self.content) + end - start > _FIELD_BYTES:
            raise BadForm(f"The form's field '{self.name[:40]}' is too long.", "The table belongs in 'file'.")
        else:
            self.content += data[start:end]

    def _part_end(self) -> None:
        if not self.is_file:
            self.parcel.fields[self.name] = self.content.decode("utf-8", "replace")
        if len(self.parcel.fields) > _FIELDS:
            raise BadForm("The form has too many fields.")

    def _end(self) -> None:
        self.ended = True
