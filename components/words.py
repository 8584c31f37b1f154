"""Where a line of text may break: never inside an amount or a date."""

from __future__ import annotations

import re

_JOINER, _SPACE = "\u2060", "\u00a0"


def unbroken(text: str) -> str:
    """The same words, with '30 %', '± €5', '−€5' and '2026-03-10' each kept on one line."""
    text = re.sub(r"(?<=\d) (?=%)|(?<=±) | (?=±)", _SPACE, text)
    text = re.sub(r"(?<=\d)-(?=\d)", f"-{_JOINER}", text)
    return re.sub("−(?=[^\\d\\s])", f"−{_JOINER}", text)
