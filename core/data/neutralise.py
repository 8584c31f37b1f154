"""Text that a spreadsheet would run as a formula, made harmless by a leading apostrophe, and back again.

A cell is dangerous when it begins with = + - @ (or their full-width forms, after any blanks) or with a
control character, and is not a plain number such as -12.5 or +49170 (OWASP, "CSV Injection"). An
apostrophe is put before a dangerous cell, and before one that is dangerous behind its own apostrophes, so
that reading takes exactly one away: `original(neutralise(t)) == t` for every text t.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

# The same patterns in re and in RE2 (Arrow): no \s and no $, whose meanings differ between the two.
_START = r"\A'*([\x00-\x1f]|[ \t\n\f\r]*[=+\-@＝＋－＠])"
_NUMBER = r"\A'*[+-]?\.?[0-9][0-9.,]*([eE][+-]?[0-9]+)?\z"
_START_RE = re.compile(_START)
_NUMBER_RE = re.compile(_NUMBER.replace(r"\z", r"\Z"))


def dangerous(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula or a command."""
    return bool(_START_RE.match(text)) and not _NUMBER_RE.match(text)


def neutralise(text: str) -> str:
    """The text as it may stand in a CSV or XLSX cell."""
    return f"'{text}" if dangerous(text) else text


def original(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if text.startswith("'") and dangerous(text) else text


def neutralise_array(texts: pa.Array) -> pa.Array:
    """`neutralise` for an Arrow array of large strings; nulls stay."""
    start = pc.match_substring_regex(texts, _START)
    if not pc.any(start).as_py():
        return texts
    mask = pc.and_not(start, pc.match_substring_regex(texts, _NUMBER))
    apostrophe, nothing = pa.scalar("'", pa.large_string()), pa.scalar("", pa.large_string())
    return pc.if_else(mask, pc.binary_join_element_wise(apostrophe, texts, nothing), texts)


def original_array(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """`original` for an Arrow array of strings; nulls stay."""
    quoted = pc.starts_with(texts, "'")
    if not pc.any(quoted).as_py():
        return texts
    mask = pc.and_(
        quoted,
        pc.and_not(pc.match_substring_regex(texts, _START), pc.match_substring_regex(texts, _NUMBER)),
    )
    return pc.if_else(mask, pc.utf8_slice_codeunits(texts, 1), texts)
