"""What every request passes: a limit on its body, where it may come from, and headers on the answer."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import TooLargeError
from core.hosts import is_loopback
from webapp.errors import of_user, problem

FORM_SLACK = 1_000_000  # bytes around a file in a form: boundaries, field names, settings
PAGE_LIMIT = 20_000_000  # bytes of a callback's body; files go through the upload routes
_DRAIN = 2.0  # seconds a refused sender may go on before the connection is closed


class BodyLimit:
    """Refuses a body over its route's limit, by its announced length or while it streams in.

    limits: path -> bytes; every other path has PAGE_LIMIT. An announced length is not trusted to be true.
    """

    def __init__(self, app: ASGIApp, limits: Mapping[str, int]) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        limit = self.limits.get(scope["path"], PAGE_LIMIT)
        slack = FORM_SLACK if scope["path"] in self.limits else 0
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > limit + slack:
            await of_user(too_large(limit))(scope, receive, send)
            return
        seen, over = 0, False

        async def counted() -> Message:
            nonlocal seen, over
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit + slack:
                over = True
                raise too_large(limit)
            return message

        async def unhurried(message: Message) -> None:
            if not over or message["type"] != "http.response.body" or message.get("more_body"):
                await send(message)
                return
            # A sender that is cut off in mid-sentence never reads the answer, so it may go on a moment.
            await send({**message, "more_body": True})
            deadline = time.monotonic() + _DRAIN
            while time.monotonic() < deadline and (await receive()).get("more_body"):
                pass
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self.app(scope, counted, unhurried)


def too_large(limit: int) -> TooLargeError:
    """The refusal, naming the limit."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
    return TooLargeError(
        f"This is larger than the limit of {size}.",
        "Send fewer rows or columns, or a Parquet or .csv.gz file; PERSUADABLE_MAX_UPLOAD_MB sets the limit.",
    )


class SameOrigin:
    """Refuses what another site's page makes a browser send; programs without an Origin pass.

    The rule of Fetch Metadata, with Origin against Host for browsers that do not send it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            headers = Headers(scope=scope)
            site = headers.get("sec-fetch-site")
            origin = headers.get("origin")
            foreign = (
                site not in ("same-origin", "none")
                if site
                else origin is not None and urlsplit(origin).netloc != headers.get("host")
            )
            if foreign:
                detail = "Another site's page may not send data here. Open Persuadable itself and try again."
                await problem(403, detail)(scope, receive, send)
                return
        await self.app(scope, receive, send)


class KnownHost:
    """Refuses a request for a host that this server is not: a name that others have pointed at this machine.

    Such a name makes a page of theirs look like one of this host (DNS rebinding). allowed: names besides
    those of the machine itself, which always pass; "*" among them: any.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self.app = app
        self.allowed = {name.strip().lower() for name in allowed} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "*" not in self.allowed:
            host = _hostname(Headers(scope=scope).get("host", ""))
            if host and host not in self.allowed and not is_loopback(host):
                detail = (
                    f"Persuadable does not answer to the name '{host[:80]}'. Open it as http://localhost, or "
                    "have whoever runs it name that host in PERSUADABLE_ALLOWED_HOSTS."
                )
                await problem(421, detail, title="Not a name of this server")(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _hostname(host: str) -> str:
    """The name without its port, in small letters; what is no host as it stands."""
    try:
        return urlsplit(f"//{host}").hostname or host
    except ValueError:
        return host


class SecurityHeaders:
    """Headers that keep pages to this host, on every answer. policies: path -> its own content policy."""

    def __init__(self, app: ASGIApp, policy: str, policies: Mapping[str, str]) -> None:
        self.app = app
        self.policy = policy
        self.policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self.policies.get(scope["path"], self.policy)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                if scope["path"].startswith("/api/") or scope["path"] == "/score":
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, guarded)


class QuietRefusals:
    """Answers 200 to the pages' own script where it asks so: a browser writes every 4xx into its console.

    The body is the same problem details, with the status in it. For a request with ASKED; programs, which do
    not send it, get the status itself.
    """

    ASKED = "x-problems-in-body"

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.ASKED not in Headers(scope=scope):
            await self.app(scope, receive, send)
            return

        async def quiet(message: Message) -> None:
            if message["type"] == "http.response.start" and 400 <= message["status"] < 500:
                message = {**message, "status": 200}
            await send(message)

        await self.app(scope, receive, quiet)


def content_policy(scripts: tuple[str, ...]) -> str:
    """The Content-Security-Policy. scripts: hashes of the inline scripts that may run.

    Inline styles are allowed: Plotly and React set them. data: and blob: hold icons and exported charts.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *scripts)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())
