"""Names in one line of text, as a row of a CSV file: a name with a comma stands in quotation marks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def names_of(text: str | None) -> tuple[str, ...]:
    """The names in a line: 'a,"b, c"' names a, and b, c. Blanks around names and empty ones are dropped."""
    rows = csv.reader(io.StringIO(text or "", newline=""), skipinitialspace=True)
    return tuple(name.strip() for row in rows for name in row if name.strip())


def line_of(names: Sequence[str]) -> str:
    """The line that `names_of` reads back."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(names)
    return out.getvalue()
