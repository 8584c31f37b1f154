"""`required_features_schema.csv`: the columns an audience file must have, and their types."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from core.data import columns
from core.data.problems import refuse, row_problems
from core.data.readers import read_table, write_table
from core.data.schema import Feature

FILE_NAME = "required_features_schema.csv"
_KINDS = ("numeric", "categorical")


def write_schema(path: Path, schema: tuple[Feature, ...]) -> None:
    """Write `column,type`, one row a feature, in the order the model reads them."""
    rows = [(feature.column, feature.kind) for feature in schema]
    write_table(pd.DataFrame(rows, columns=["column", "type"], dtype="str"), path)


def read_schema(path: Path) -> tuple[Feature, ...]:
    """Read what `write_schema` wrote; DataError names the rows whose column or type cannot be used."""
    frame = read_table(path)
    columns.require(frame, ("column", "type"), f"'{path.name}'")
    names, kinds = columns.text(frame, "column"), columns.text(frame, "type")
    problems = row_problems(names.isna().to_numpy(), names, "The name of the column is missing.", "Name it.")
    problems += row_problems(
        names.duplicated().to_numpy(), names, "The column stands there twice.", "Keep one."
    )
    wrong = ~kinds.isin(_KINDS).to_numpy()
    problems += row_problems(wrong, kinds, "The type is not known.", f"Use {' or '.join(_KINDS)}.")
    refuse(problems, f"'{path.name}'")
    return tuple(
        Feature(column, "numeric" if kind == "numeric" else "categorical")
        for column, kind in zip(names, kinds, strict=True)
    )
