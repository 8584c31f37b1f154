"""Where a line of text may break: never inside an amount."""

from __future__ import annotations

import re

_JOINER, _SPACE = "\u2060", "\u00a0"


def unbroken(text: str) -> str:
    """The same words, with '30 %', '± €5' and '−€5' each kept on one line."""
    text = re.sub(r"(?<=\d) (?=%)|(?<=±) | (?=±)", _SPACE, text)
    return re.sub("−(?=[^\\d\\s])", f"−{_JOINER}", text)
