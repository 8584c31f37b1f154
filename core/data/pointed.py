"""Numbers of a file with decimal commas, written with a point: the one form that the product writes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from core.data.columns import is_code, trimmed
from core.data.number_text import parse, with_points


def pointed(frame: pd.DataFrame, ids: Sequence[str] = ()) -> pd.DataFrame:
    """The table as a comma CSV keeps its meaning: 35,80 is 35.80, and 1.234,56 is 1234.56.

    Only of a file with decimal commas (`frame.attrs["decimal"]`, which the answer no longer has), and only
    columns in which every cell is a number or missing: ids, codes with leading zeros, dates and text stay as
    they are, and so does a column with a cell that cannot be read. Digits are never changed. The frame given
    stays as it was.
    """
    if frame.attrs.get("decimal") != ",":
        return frame
    written = frame.copy(deep=False)
    written.attrs = {name: value for name, value in frame.attrs.items() if name != "decimal"}
    for name in frame.columns:
        if name in ids or frame[name].dtype != "str":
            continue
        cells = trimmed(frame[name])
        values, wrong, _ = parse(cells, decimal_comma=True)
        if is_code(cells) or wrong.any() or np.isnan(values).all():
            continue
        points = with_points(cells)[0]
        if not pc.all(pc.equal(points, cells)).as_py():
            written[name] = pd.Series(points.to_pandas().array, index=frame.index, dtype="str")
    return written
