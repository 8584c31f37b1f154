"""Scripts that stand inside a document, as a content policy names them."""

from __future__ import annotations

import base64
import hashlib
import re


def hashes(document: str) -> tuple[str, ...]:
    """The policy's sources for the inline scripts of an HTML document, in order."""
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
