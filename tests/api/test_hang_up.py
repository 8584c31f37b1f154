"""A client that hangs up leaves no solve behind."""

from __future__ import annotations

import asyncio
import json

import pytest
from fastapi import FastAPI

from core.errors import Cancelled
from core.settings import Settings
from core.workspace import Workspace
from webapp.plans import router

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="constraints"\r\n\r\n{"budget": 1}\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="scored.csv"\r\n\r\n'
    b"row_id,uplift_hat\r\na,1\r\nb,2\r\n\r\n--x--\r\n"
)
ASKED = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "POST",
    "path": "/plan",
    "raw_path": b"/plan",
    "query_string": b"",
    "root_path": "",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 1),
    "headers": [(b"content-type", b"multipart/form-data; boundary=x")],
}


def ask(app: FastAPI, *, hangs_up: bool) -> list[dict]:
    """What the server sends to a client that sends FORM and then waits, or closes the connection."""
    events = [{"type": "http.request", "body": FORM, "more_body": False}]
    sent: list[dict] = []

    async def receive() -> dict:
        if events:
            return events.pop()
        if not hangs_up:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    asyncio.run(app({**ASKED, "headers": list(ASKED["headers"])}, receive, send))
    return sent


@pytest.fixture
def app(tmp_path) -> FastAPI:
    made = FastAPI()
    # bare of the handlers that would turn an error into an answer
    made.include_router(router(Workspace(Settings(artifacts=tmp_path))))
    return made


def test_who_waits_has_the_plan(app):
    start, body = ask(app, hangs_up=False)[:2]
    assert start["status"] == 200
    assert [row["row_id"] for row in json.loads(body["body"])["top"]] == ["b", "a"]


def test_who_hangs_up_stops_the_solve_and_leaves_no_file(app, tmp_path):
    with pytest.raises(Cancelled):
        ask(app, hangs_up=True)
    assert not list((tmp_path / "uploads").iterdir())
