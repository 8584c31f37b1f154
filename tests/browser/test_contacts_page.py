"""The list of contacts in the browser: scrolled, sorted, filtered, taken away; always the server's list."""

from __future__ import annotations

import io
import json
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pandas as pd
import pytest
from reader import Reader
from selenium.webdriver.common.keys import Keys

GRID = "#contacts-grid"
ROWS = "return window.dash_ag_grid.getApi('contacts-grid').getDisplayedRowCount()"


@pytest.fixture
def listed(reader: Reader, query: str) -> pd.DataFrame:
    """The whole list of 5,000 contacts as the CSV link gives it, with the page open."""
    reader.open(f"/contacts?{query}&margin=0.5&cost=0.02&topn=5000")
    until_first(reader, lambda row: bool(row))
    link = reader.element("a[href^='/api/contacts.csv']").get_attribute("href")
    with urllib.request.urlopen(link) as answer:
        return pd.read_csv(io.BytesIO(answer.read()), dtype={"row_id": str})


def cell(reader: Reader, column: str, row: int = 0) -> str:
    return reader.words(f"{GRID} .ag-center-cols-container [row-index='{row}'] [col-id='{column}']")


def until_first(reader: Reader, wanted: object, row: int = 0) -> str:
    return reader.until(
        lambda: (found := cell(reader, "row_id", row)) and wanted(found) and found,  # type: ignore[operator]
        f"row {row} of the list",
    )


def test_every_row_has_a_reason_and_the_last_is_reached_by_the_keyboard(
    reader: Reader, listed: pd.DataFrame
) -> None:
    assert cell(reader, "row_id") == listed["row_id"].iloc[0]
    assert cell(reader, "why").startswith("Among the 1 % with the largest uplift; expected to bring €")
    reader.click(f"{GRID} [row-index='0'] [col-id='row_id']")
    reader.press(Keys.CONTROL + Keys.END)
    until_first(reader, lambda row: row == listed["row_id"].iloc[-1], 4999)
    assert cell(reader, "rank", 4999) == "5,000"
    reader.press(Keys.CONTROL + Keys.HOME)
    until_first(reader, lambda row: row == listed["row_id"].iloc[0])


def test_the_sorting_comes_back_with_the_link_and_a_filter_is_kept_out_of_it(
    reader: Reader, listed: pd.DataFrame
) -> None:
    entries = reader.script("return history.length")
    head = f"{GRID} .ag-header-cell[col-id='row_id'] .ag-header-cell-label"
    reader.click(head)
    reader.click(head)
    highest = str(listed["row_id"].astype(int).max())
    until_first(reader, lambda row: row == highest)
    reader.write("input[aria-label='Customer Filter Input']", "9")
    reader.until(lambda: "pass the filters" in reader.words("#contacts-found"), "the filter")
    sort = parse_qs(urlsplit(reader.address).query)["sort"]
    assert sort == ['[["row_id","desc"]]']
    assert "Filter" not in reader.address and "contains" not in reader.address
    assert reader.script("return history.length") == entries
    reader.driver.refresh()
    until_first(reader, lambda row: row == highest)
    assert cell(reader, "rank") == f"{listed.index[listed['row_id'] == highest][0] + 1:,}"
    reader.click(head)  # the third time is the list's own order
    until_first(reader, lambda row: row == listed["row_id"].iloc[0])
    reader.until(lambda: "sort=" not in reader.address, "no sorting in the address")


def test_sorting_and_filtering_happen_on_the_server_over_all_rows(
    reader: Reader, listed: pd.DataFrame
) -> None:
    reader.click(f"{GRID} .ag-header-cell[col-id='row_id'] .ag-header-cell-label")
    lowest = listed["row_id"].astype(int).min()
    until_first(reader, lambda row: row == str(lowest))
    reader.write("input[aria-label='Customer Filter Input']", "77")
    kept = listed[listed["row_id"].str.contains("77")]
    reader.until(
        lambda: f"{len(kept):,} of 5,000 pass the filters." in reader.words("#contacts-found"), "the filter"
    )
    until_first(reader, lambda row: row == str(kept["row_id"].astype(int).min()))
    reader.write("input[aria-label='Predicted profit Filter Input']", "1000000")
    reader.until(lambda: "None of the 5,000 passes" in reader.words("#contacts-found"), "no row to pass")
    field = reader.element("input[aria-label='Predicted profit Filter Input']")
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(Keys.DELETE)
    until_first(reader, lambda row: row == str(kept["row_id"].astype(int).min()))
    assert "77" not in reader.address.split("&margin")[1]


def test_the_list_follows_the_controls(reader: Reader, listed: pd.DataFrame) -> None:
    reader.write("#margin-box", "0")
    reader.until(lambda: "stands in order of id" in reader.words("#contacts-note"), "the note on the order")
    until_first(reader, lambda row: row == "0")
    assert reader.words("#contacts-head") == "The 5,000 customers to contact, in order of id"
    assert cell(reader, "why").startswith("Nothing tells the customers apart")
    reader.write("#contacts-box", "40")
    reader.until(lambda: "The 40 customers to contact" in reader.words("#contacts-head"), "the title")
    reader.until(lambda: reader.script(ROWS) == 40, "the list to be as long as the title says")


def test_the_list_is_taken_away_as_parquet_and_excel(
    reader: Reader, listed: pd.DataFrame, downloads: Path
) -> None:
    for kind, read in (("parquet", pd.read_parquet), ("xlsx", pd.read_excel)):
        reader.click(f"a[href^='/api/contacts.{kind}']")
        path = reader.until(lambda k=kind: next(downloads.glob(f"contacts.{k}"), None), f"the {kind} file")
        table = read(path)
        assert list(table["row_id"].astype(str)) == list(listed["row_id"])


def test_a_plans_contacts_stand_with_their_reasons(reader: Reader, query: str) -> None:
    reader.open(f"/contacts?{query}&margin=0.5&cost=0.5&budget=50&holdout=0.1")
    assert "Contact 100 of 8,000 customers for €50.00" in reader.words(".decision .sentence")
    assert reader.words(".decision .comparison") and reader.words(".decision .certainty")
    until_first(reader, lambda row: bool(row))
    assert reader.words("#contacts-head") == "The 100 contacts of the plan, best first"
    assert cell(reader, "action") == "contact" and cell(reader, "reason") == "Pays for itself"
    assert reader.element("#content a[href^='/policy?']")
    assert "budget=50" in reader.element("a[href^='/api/contacts.xlsx']").get_attribute("href")


def test_conditions_that_cannot_be_met_lead_back_to_them(reader: Reader, query: str) -> None:
    impossible = quote(json.dumps([{"column": "zip_code", "value": "Nowhere", "min": 9}]))
    reader.open(f"/contacts?{query}&quotas={impossible}")
    assert "There is no plan within these conditions" in reader.words(".decision .sentence")
    assert "Nowhere" in reader.words(".decision .comparison")
    assert "quotas=" in reader.element("#content a[href^='/policy?']").get_attribute("href")
