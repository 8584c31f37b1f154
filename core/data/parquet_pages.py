"""What the pages of a Parquet file say of their size, read from the pages: a footer can claim anything.

A reader allocates what a page's own header announces, so the headers are read (Thrift's compact protocol, as
parquet.thrift describes PageHeader) before anything is unpacked.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

_DICTIONARY_PAGE = 2
_DELTAS = (
    6,
    7,
)  # of text; by 7 a value repeats the beginning of the one before, so a page can hold much more
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Page:
    """column: its position. unpacked: bytes after decompression. values: rows of a data page. deltas: text
    written as DELTA_LENGTH_BYTE_ARRAY or DELTA_BYTE_ARRAY."""

    column: int
    unpacked: int
    values: int
    deltas: bool


def pages(path: Path, metadata: pq.FileMetaData) -> Iterator[Page]:
    """Every page of the file. Raises ValueError or IndexError where a header cannot be read."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for group in range(metadata.num_row_groups):
            for column in range(metadata.num_columns):
                yield from _chunk(content, metadata.row_group(group).column(column), column)


def _chunk(content: mmap.mmap, chunk: Any, column: int) -> Iterator[Page]:
    """The pages of one column chunk, as far as a reader goes: to its last value."""
    first = chunk.dictionary_page_offset if chunk.has_dictionary_page else None
    place = first if first and first < chunk.data_page_offset else chunk.data_page_offset
    seen = 0
    while seen < chunk.num_values:
        reader = _Compact(content, place)
        header = reader.struct()
        packed, unpacked = int(header[3]), int(header[2])
        data = header.get(5) or header.get(8) or {}
        values = int(data.get(1, 0))
        if packed < 0 or unpacked < 0 or values < 0 or (header[1] != _DICTIONARY_PAGE and not values):
            raise ValueError("a page header holds a number that cannot be")
        encoding = data.get(2) if 5 in header else data.get(4)
        yield Page(column, unpacked, values, encoding in _DELTAS)
        seen += values
        place = reader.place + packed


class _Compact:
    """Reads one struct of Thrift's compact protocol: field id -> number or struct; other types are None."""

    def __init__(self, content: mmap.mmap, place: int) -> None:
        if place < 0:
            raise ValueError("a page lies before the file")
        self.content, self.place = content, place

    def struct(self, depth: int = 0) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        field = 0
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._number()
            fields[field] = self._value(head & 15, depth + 1)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if depth > _DEEPEST:
            raise ValueError("a page header is nested too deep")
        if kind in (1, 2):  # in a field, the type is the value
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._number()
        if kind == 7:
            self.place += 8
        elif kind == 8:
            length = self._varint()
            self.place += length
        elif kind in (9, 10):
            head = self._byte()
            for _ in range(head >> 4 if head >> 4 < 15 else self._varint()):
                self._byte() if head & 15 in (1, 2) else self._value(head & 15, depth + 1)
        elif kind == 12:
            return self.struct(depth)
        else:
            raise ValueError("a page header holds a type it has no use for")
        return None

    def _byte(self) -> int:
        self.place += 1
        return self.content[self.place - 1]

    def _varint(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 128:
            number |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise ValueError("a number in a page header does not end")
        return number | byte << shift

    def _number(self) -> int:
        zigzag = self._varint()
        return zigzag >> 1 ^ -(zigzag & 1)
