"""The table of contacts: its columns, and what it asks the server for."""

from __future__ import annotations

import pytest

from components.contacts_grid import PAGE_ROWS, block_of, contacts_grid, sorts_of, view_of
from core.errors import SettingError
from core.list_view import Filter, View

COLUMNS = [("row_id", False), ("uplift_hat", True), ("rank", True), ("note", False), ("why", False)]


def test_every_column_has_a_name_people_read_and_a_filter_of_its_kind():
    made = {column["field"]: column for column in contacts_grid(COLUMNS).columnDefs}
    assert list(made) == ["rank", "row_id", "why", "uplift_hat", "note"]
    assert made["row_id"]["headerName"] == "Customer" and made["note"]["headerName"] == "note"
    assert made["uplift_hat"]["filter"] == "agNumberColumnFilter"
    assert made["note"]["filter"] == "agTextColumnFilter"
    assert made["why"]["sortable"] is False and made["why"]["filter"] is False


def test_the_table_begins_as_its_link_says():
    names = [name for name, _ in COLUMNS]
    sorts, notices = sorts_of('[["note","desc"],["rank","asc"]]', names)
    assert sorts == (("note", "desc"), ("rank", "asc")) and not notices
    made = {column["field"]: column for column in contacts_grid(COLUMNS, sorts).columnDefs}
    assert (made["note"]["sort"], made["note"]["sortIndex"]) == ("desc", 0)
    assert (made["rank"]["sort"], made["rank"]["sortIndex"]) == ("asc", 1)
    assert "sort" not in made["row_id"]
    assert sorts_of("", names) == ((), ())


@pytest.mark.parametrize(
    "link", ["rank", "5", '[["age","asc"]]', '[["rank","up"]]', '[["rank"]]', "[" * 9999]
)
def test_a_sorting_that_is_none_is_told_and_left(link):
    assert sorts_of(link, ["rank"]) == (
        (),
        ("The link's sorting could not be used; the list is in its own order.",),
    )


def test_what_the_table_asks_becomes_a_view():
    asked = {
        "filterModel": {
            "note": {"filterType": "text", "type": "contains", "filter": "x"},
            "rank": {"filterType": "number", "type": "inRange", "filter": 3, "filterTo": 9},
            "row_id": {"filterType": "text", "type": "blank"},
        },
        "sortModel": [{"colId": "note", "sort": "desc"}, {"colId": "rank", "sort": "asc"}],
    }
    assert view_of(asked) == View(
        (Filter("note", "contains", "x"), Filter("rank", "inRange", 3, 9), Filter("row_id", "blank")),
        (("note", True), ("rank", False)),
    )
    assert view_of({}) == View()


@pytest.mark.parametrize(
    "asked",
    [{"filterModel": [3]}, {"filterModel": {"a": 3}}, {"sortModel": [{}]}, {"filterModel": {"a": {}}}],
)
def test_a_question_of_another_form_is_refused(asked):
    with pytest.raises(SettingError):
        view_of(asked)


def test_a_block_is_bounded():
    assert block_of({"startRow": 200, "endRow": 300}) == (200, 300)
    assert block_of({}) == (0, PAGE_ROWS)
    assert block_of({"startRow": 0, "endRow": 10**9}) == (0, 1000)
    assert block_of({"startRow": -5, "endRow": -1}) == (0, 0)
    with pytest.raises(SettingError):
        block_of({"startRow": "x"})
