"""Names in one line, for the command line's options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.name_list import line_of, names_of


@pytest.mark.parametrize(
    ("line", "names"),
    [
        (None, ()),
        ("", ()),
        ("a,b", ("a", "b")),
        (" a , b ,", ("a", "b")),
        ('"a,b",c', ("a,b", "c")),
        ('c, "Umsatz, netto"', ("c", "Umsatz, netto")),
        ('5" pipe,x', ('5" pipe', "x")),
    ],
)
def test_a_line_names_columns(line, names):
    assert names_of(line) == names


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1)))
def test_what_one_side_writes_the_other_reads(names):
    assert names_of(line_of(names)) == tuple(names)
