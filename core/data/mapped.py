"""Tables kept so that a few rows are read without the others: Arrow files, mapped into memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_CODED = b"coded"
_FEW = 0.5  # of the rows: with fewer different texts a column is kept as codes


def write_mapped(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as one uncompressed block; text that repeats is kept as codes into a dictionary."""
    table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
    coded = []
    for position, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            codes = table.column(position).combine_chunks().dictionary_encode()
            if len(codes.dictionary) < _FEW * len(codes):
                table = table.set_column(position, field.name, codes)
                coded.append(field.name)
    notes = {**(table.schema.metadata or {}), _CODED: json.dumps(coded).encode()}
    table = table.replace_schema_metadata(notes)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=max(len(table), 1))


def open_mapped(path: Path) -> pa.Table:
    """The table that `write_mapped` wrote; nothing of it is read until it is asked for."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def taken(table: pa.Table, rows: NDArray[Any]) -> pd.DataFrame:
    """Rows of a mapped table by their positions, with the types that the frame had."""
    part = table.take(pa.array(rows))
    coded = json.loads(table.schema.metadata[_CODED])
    for name in coded:
        position = part.schema.get_field_index(name)
        text = part.column(position).cast(part.schema.field(position).type.value_type)
        part = part.set_column(position, name, text)
    frame: pd.DataFrame = part.to_pandas()
    # A column of yes, no and nothing is of objects; a part of it with no nothing must not turn into flags.
    notes = json.loads(table.schema.metadata[b"pandas"])["columns"]
    objects = [note["name"] for note in notes if note["numpy_type"] == "object"]
    texts = [name for name in objects if pd.api.types.is_bool_dtype(frame[name].dtype)]
    return frame.astype(dict.fromkeys(texts, object)) if texts else frame


def column(table: pa.Table, name: str, rows: NDArray[Any] | None = None) -> pa.Array:
    """A column of a mapped table as one Arrow array, in the order of `rows` where they are given."""
    chunks = table.column(name)
    values = chunks.chunk(0) if chunks.num_chunks == 1 else chunks.combine_chunks()
    return values if rows is None else pc.take(values, pa.array(rows))
