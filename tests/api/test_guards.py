"""What every request passes, on small applications behind a real uvicorn."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import Depends, FastAPI, Request
from real_server import emptied, free_port, problem_of

from core.commands.serve import serve
from core.settings import Settings
from webapp import errors
from webapp.errors import Faults
from webapp.forms import Received, clean_name, inbox, received
from webapp.guards import BodyLimit, KnownHost, SameOrigin, SecurityHeaders, content_policy

LIMIT = 200_000
HEAD = "POST /{route} HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\nX-File-Name: a.csv\r\n\r\n"
FORM = {"Content-Type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return inbox(Settings(artifacts=tmp_path))


@pytest.fixture
def url(folder: Path, serving: Any) -> str:
    api = FastAPI()
    errors.install(api)

    async def parcel(request: Request) -> Any:
        async for one in received(request, folder, LIMIT, raw=request.url.path == "/raw"):
            yield one

    def size(sent: Received = Depends(parcel)) -> dict[str, Any]:
        return {"bytes": sent.path.stat().st_size, "name": sent.name, "fields": sent.fields}

    api.post("/form")(size)
    api.post("/raw")(size)

    @api.get("/fault")
    def fault() -> None:
        raise ValueError("customer Ann Lee has no margin")

    @api.get("/number")
    def number(n: int) -> int:
        return n

    api.add_middleware(BodyLimit, limits={"/form": LIMIT, "/raw": LIMIT})
    api.add_middleware(SameOrigin)
    api.add_middleware(Faults)
    api.add_middleware(SecurityHeaders, policy=content_policy(()), policies={})
    return str(serving(api))


def test_a_form_arrives_whole_and_is_removed_afterwards(url, folder):
    table = b"a,b\r\n1,2\r\n" * 9000
    answer = httpx.post(f"{url}/form", files={"file": ("../år/Kunden 1.csv", table)}, data={"margin": "0.3"})
    assert answer.json() == {"bytes": len(table), "name": "Kunden 1.csv", "fields": {"margin": "0.3"}}
    assert emptied(folder)


def test_a_raw_body_takes_its_name_from_the_header(url, folder):
    answer = httpx.post(f"{url}/raw", content=b"a\n1\n", headers={"X-File-Name": "k%C3%A4ufer.csv"})
    assert answer.json() == {"bytes": 4, "name": "käufer.csv", "fields": {}}
    assert emptied(folder)


@pytest.mark.parametrize("route", ["form", "raw"])
def test_an_announced_size_over_the_limit_is_refused_unread(url, folder, route):
    """Five gigabytes are announced, none is sent."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        head = (
            f"POST /{route} HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000000\r\nX-File-Name: a.csv\r\n\r\n"
        )
        line.sendall(head.encode())
        answer = ""
        while "limit of" not in answer:
            answer += (line.recv(65536) or pytest.fail("closed without an answer")).decode()
    assert "413" in answer.splitlines()[0]
    assert "200,000 bytes" in answer
    assert emptied(folder)


@pytest.mark.parametrize("form", [True, False])
def test_a_stream_is_cut_off_at_the_limit(url, folder, form):
    """Chunked, so that no length is announced: the sender would go on for 200 MB."""
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        if form:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(2000):
            sent += 100_000
            yield b"x" * 100_000

    headers = {"Content-Type": "multipart/form-data; boundary=b"} if form else {"X-File-Name": "a.csv"}
    began = time.monotonic()
    answer = httpx.post(f"{url}/{'form' if form else 'raw'}", content=endless(), headers=headers, timeout=30)
    assert "200,000 bytes" in problem_of(answer, 413)["detail"]
    assert time.monotonic() - began < 10
    assert emptied(folder)


def test_a_broken_connection_leaves_no_file(url, folder):
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(
            b"POST /raw HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\nX-File-Name: a.csv\r\n\r\nabc"
        )
        deadline = time.monotonic() + 10
        while not list(folder.iterdir()):
            assert time.monotonic() < deadline
    assert emptied(folder)


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b'{"a": 1}', {"Content-Type": "application/json"}, 415),
        (b"", {}, 415),
        (b"", FORM, 400),
        (b"rubbish", FORM, 400),
        (b"rubbish", {"Content-Type": "multipart/form-data; boundary=" + "b" * 500}, 400),
        (PART % b"file" + b"half", FORM, 400),
        (PART % b"margin" + b"0.3\r\n--b--\r\n", FORM, 422),
        (PART % b"margin" + b"0" * 20_000 + b"\r\n--b--\r\n", FORM, 400),
        ((PART % b"file" + b"a\r\n") * 2 + b"--b--\r\n", FORM, 400),
        (b"--b\r\n" + b"\r\nx\r\n--b\r\n" * 3, FORM, 400),
    ],
)
def test_a_broken_form_is_told_as_a_problem(url, folder, content, headers, status):
    problem_of(httpx.post(f"{url}/form", content=content, headers=headers), status)
    assert emptied(folder)


def test_a_fault_of_ours_names_a_reference_and_nothing_else(url, caplog):
    body = problem_of(httpx.get(f"{url}/fault"), 500)
    assert body["reference"] in body["detail"]
    assert "Ann Lee" not in str(body)
    assert body["reference"] in caplog.text
    assert "ValueError" in caplog.text
    assert "Ann Lee" not in caplog.text


def test_the_frameworks_own_errors_are_problems_too(url):
    assert problem_of(httpx.get(f"{url}/number?n=x"), 422)["problems"][0]["column"] == "n"
    problem_of(httpx.get(f"{url}/nowhere"), 404)
    answer = httpx.get(f"{url}/form")
    problem_of(answer, 405)
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "{url}"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://behind.a.proxy"}, 200),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "{url}"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_sites_page_cannot_send(url, headers, status):
    headers = {name: value.format(url=url) for name, value in headers.items()}
    answer = httpx.post(f"{url}/form", files={"file": b"a"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("", "localhost:8050", 200),
        ("", "127.0.0.1:8050", 200),
        ("", "127.8.9.1", 200),
        ("", "[::1]:8050", 200),
        ("", "persuadable.localhost", 200),
        ("", "evil.example", 421),
        ("", "evil.example:8050", 421),
        ("", "localhost.evil.example", 421),
        ("", "127.0.0.1.evil.example", 421),
        ("", "192.168.1.5", 421),
        ("", "[::1", 421),
        ("app.example, Other.Example", "APP.example:443", 200),
        ("app.example, Other.Example", "other.example", 200),
        ("app.example", "evil.example", 421),
        ("app.example", "localhost", 200),
        ("*", "evil.example", 200),
    ],
)
def test_a_name_that_others_pointed_here_is_not_answered(serving, allowed, host, status):
    """DNS rebinding: a page of evil.example, whose name now leads to 127.0.0.1, may read nothing."""
    api = FastAPI()
    api.get("/")(lambda: "customers")
    api.add_middleware(KnownHost, allowed=allowed.split(","))
    answer = httpx.get(serving(api), headers={"Host": host})
    assert answer.status_code == status
    if status == 421:
        detail = problem_of(answer, 421)["detail"]
        assert "PERSUADABLE_ALLOWED_HOSTS" in detail
        assert "http://localhost" in detail


def test_a_server_for_others_answers_to_any_name_unless_it_is_told(monkeypatch, tmp_path):
    """`--host 0.0.0.0` stands behind names and proxies that it cannot know."""
    monkeypatch.setenv("PERSUADABLE_ARTIFACTS_DIR", str(tmp_path))
    monkeypatch.setattr("core.commands.serve.uvicorn.run", lambda *_, **__: None)
    monkeypatch.setattr("core.commands.serve.os.umask", lambda _: 0)
    for host, told, answers in (
        ("127.0.0.1", "", ""),
        ("localhost", "", ""),
        ("0.0.0.0", "", "*"),
        ("0.0.0.0", "app.example", "app.example"),
    ):
        monkeypatch.setenv("PERSUADABLE_ALLOWED_HOSTS", told)
        serve(host, free_port(), 1)
        assert Settings.from_environment().allowed_hosts == answers


def test_every_answer_carries_the_guards_headers(url):
    for path in ("/number?n=1", "/nowhere", "/fault"):
        headers = httpx.get(url + path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "http" not in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\data\\a.csv", "a.csv"),
        ("/etc/x.csv", "x.csv"),
        ("..", ".."),
        ("", "upload"),
        ("a\r\nb\x00.csv", "ab.csv"),
    ],
)
def test_a_senders_name_brings_no_folder(sent, kept):
    assert clean_name(sent) == kept
