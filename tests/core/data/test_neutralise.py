"""Formula-like text is harmless in a spreadsheet and comes back as it was."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.neutralise import dangerous, neutralise, neutralise_array, original, original_array

TEXTS = st.text(alphabet=st.sampled_from("'=+-@＝\t\r\n .,19eEx\x01A"), max_size=6) | st.text()


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\x00x", " =1", "+49 170 123", "＝1", "-", "'=1"],
)
def test_text_that_a_spreadsheet_could_run_gets_an_apostrophe(text):
    """The list of OWASP, CSV Injection, with its full-width forms."""
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["-12.5", "+49170123", "-1e-5", "-.5", "-1.234,56", "3", "a=b", "'quoted'", ""]
)
def test_plain_numbers_and_ordinary_text_stay(text):
    assert neutralise(text) == text


@given(TEXTS)
def test_reading_gives_back_what_was_written(text):
    assert original(neutralise(text)) == text
    assert not dangerous(text) or neutralise(text).startswith("'")


@given(TEXTS)
def test_a_file_that_passes_through_stays_as_it_was(text):
    """neutralise(original(t)) is t for every text that is no formula itself: nothing changes on the way."""
    if not dangerous(text) or text.startswith("'"):
        assert neutralise(original(text)) == text


@given(st.lists(st.none() | TEXTS, min_size=1))
def test_columns_are_treated_as_single_cells_are(texts):
    """Oracle: the function of one text, applied to each."""
    column = pa.array(texts, pa.large_string())
    assert neutralise_array(column).to_pylist() == [None if t is None else neutralise(t) for t in texts]
    assert original_array(column).to_pylist() == [None if t is None else original(t) for t in texts]
