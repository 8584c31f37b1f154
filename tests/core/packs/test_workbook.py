"""What the reader of the workbook may rely on; read back with openpyxl."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.advice.columns import headings
from core.data.neutralise import dangerous
from core.estimate import Estimate
from core.grid_axes import grid_axes
from core.packs.pack import Pack, measured_profit
from core.packs.sheet_rows import BATCH, cell_text, rows_xml
from core.packs.workbook import write_pack
from core.scenario import Scenario

DANGEROUS = ["=1+1", "+cmd", "-cmd", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x","y")', "\x01x", " =1+1"]


def written(pack: Pack, folder: Path, **options: int) -> openpyxl.Workbook:
    path = folder / f"{pack.stem}.xlsx"
    write_pack(pack, path, **options)
    return openpyxl.load_workbook(path)


def test_the_pack_has_its_six_sheets_and_its_name(pack_of, tmp_path):
    """design.md: Summary, Contacts, Profit curve, Deciles, Sensitivity, Assumptions."""
    book = written(pack_of(), tmp_path)
    assert book.sheetnames == [
        "Summary", "Contacts", "Profit curve", "Deciles", "Sensitivity", "Assumptions"
    ]  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["contact_pack_20250304_1506.xlsx"]


def test_contacts_come_back_to_the_last_bit_and_ids_stay_text(pack_of, tmp_path):
    pack = pack_of()
    written(pack, tmp_path)
    path = tmp_path / f"{pack.stem}.xlsx"
    read = pd.read_excel(path, sheet_name="Contacts", dtype={"Customer": "str", "channel": "str"})
    names = {heading: name for name, heading in headings(pack.contacts.columns).items()}
    read = read.rename(columns=names)
    pd.testing.assert_frame_equal(read, pack.contacts, check_exact=True, check_dtype=False)
    assert read["row_id"][0] == "000000"


def test_numbers_that_pass_through_are_numbers_with_a_format_and_codes_stay_text(pack_of, tmp_path):
    """Joined values and columns of a CSV, which are text: 19, 11.12 and 0.93 add up in Excel."""
    pack = pack_of(customers=100)
    n = len(pack.contacts)
    own = {"age": "19", "history": "11.12", "p_alive": "0.93", "clv": "1234.5", "plz": "01067", "x": "n/a"}
    texts = pd.DataFrame({name: pd.Series([value] * n, dtype="str") for name, value in own.items()})
    texts.loc[0, "x"] = "7"
    book = written(replace(pack, contacts=pd.concat([pack.contacts, texts], axis=1)), tmp_path)
    heads = [cell.value for cell in book["Contacts"][1]]
    first, second = (dict(zip(heads, book["Contacts"][row])) for row in (2, 3))
    assert [first[name].value for name in own] == [19, 11.12, 0.93, 1234.5, "01067", 7]
    assert second["x"].value == "n/a"
    formats = {name: first[name].number_format for name in own}
    assert (formats["age"], formats["history"], formats["p_alive"]) == ("0", "0.00", "0.0%")
    assert "€" in formats["clv"]


def test_the_summary_opens_with_the_decision_and_counts_equal_the_list(pack_of, tmp_path):
    pack = pack_of()
    book = written(pack, tmp_path)
    cells = list(book["Summary"].iter_rows(values_only=True))
    assert str(cells[0][0]).startswith(f"Contact {len(pack.contacts):,} of 2,000 customers")
    facts = {row[0]: row[1] for row in cells}
    assert facts["Contacts"] == len(pack.contacts) == book["Contacts"].max_row - 1
    assert facts["Profit of this choice"] == pytest.approx(pack.decision.predicted.profit)
    measured = next(row for row in cells if row[0] == "Profit of this choice")[2]
    assert measured == pytest.approx(pack.decision.measured.value)


def test_headers_are_bold_and_frozen_and_the_list_can_be_filtered(pack_of, tmp_path):
    book = written(pack_of(), tmp_path)
    sheet = book["Contacts"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.column_dimensions["A"].width > 8


def test_money_and_percents_look_like_money_and_percents(pack_of, tmp_path):
    book = written(pack_of(), tmp_path)
    heads = [cell.value for cell in book["Contacts"][1]]
    first = dict(zip(heads, book["Contacts"][2]))
    assert "€" in first["Predicted profit"].number_format
    assert "€" in book["Profit curve"]["E2"].number_format
    assert book["Profit curve"]["B2"].number_format.endswith("%")
    assert book["Sensitivity"]["B3"].number_format.endswith("%")


def test_the_list_is_headed_in_words_and_the_assumptions_keep_the_technical_names(pack_of, tmp_path):
    pack = pack_of(customers=100)
    book = written(replace(pack, contacts=pack.contacts.assign(Rank="a column of the user's own")), tmp_path)
    heads = [cell.value for cell in book["Contacts"][1]]
    assert heads == [
        *("Customer", "Predicted uplift", "If contacted", "If not", "Extra revenue", "Predicted profit"),
        *("Rank (rank)", "channel", "Rank"),
    ]
    legend = dict(book["Assumptions"].iter_rows(values_only=True))
    assert legend["Predicted profit"].startswith("exp_profit_per_contact: ")
    assert legend["Rank (rank)"].startswith("rank: ") and "channel" not in legend


def test_the_band_of_the_curve_is_not_mistaken_for_the_interval_of_the_choice(pack_of, tmp_path):
    heads = [cell.value for cell in written(pack_of(), tmp_path)["Profit curve"][1]]
    assert heads[-2:] == ["Measured from (whole curve)", "Measured to (whole curve)"]


def test_a_bound_of_nothing_is_zero_in_the_summary(pack_of, tmp_path):
    """Sums that cancel leave a few last bits, such as -3.58e-12."""
    pack = pack_of()
    gap = Estimate(-3.58e-12, 0.0, -3.58e-12, 1e-13)
    book = written(replace(pack, decision=replace(pack.decision, measured_gap=gap)), tmp_path)
    rows = {row[0]: row[2:5] for row in book["Summary"].iter_rows(values_only=True)}
    assert rows["This choice minus contacting everyone"] == (0, 0, 0)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_the_users_becomes_a_formula(pack_of, tmp_path, text):
    """OWASP, CSV injection: = + - @ and control characters in front, in ids, values, headers, assumptions."""
    pack = pack_of(customers=100)
    contacts = pack.contacts.copy()
    contacts["row_id"] = text
    contacts[text] = text
    book = written(replace(pack, contacts=contacts, assumptions=((text, text),)), tmp_path)
    for sheet in book:
        for row in sheet.iter_rows():
            assert not [c for c in row if c.data_type == "f"]
    for cell in (book["Contacts"]["A2"], book["Contacts"]["I2"], book["Contacts"]["I1"]):
        assert cell.value.startswith("'")
    assert book["Assumptions"]["A2"].value.startswith("'")


@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
def test_any_text_can_stand_in_a_cell(texts):
    """The rows are XML whatever the text, and what an XML parser reads from them is `cell_text`."""
    frame = pd.DataFrame({"row_id": pd.Series(texts, dtype="str")})
    root = ElementTree.fromstring(b"<rows>" + b"".join(rows_xml(frame, {})) + b"</rows>")
    found = [(row.findtext("c/is/t") or "") for row in root]
    assert found == [cell_text(text) for text in texts]


@given(st.text())
def test_what_a_cell_cannot_show_is_replaced_and_the_rest_kept(text):
    shown = cell_text(text).removeprefix("'" if dangerous(text) else "")
    assert len(shown) == len(text)
    assert all(a == b or b == "\N{REPLACEMENT CHARACTER}" for a, b in zip(text, shown))


def test_a_text_longer_than_a_cell_is_cut(pack_of, tmp_path):
    """Excel: 32,767 characters a cell; a longer one makes it "repair" the file."""
    contacts = pd.DataFrame({"row_id": ["x" * 40_000]}, dtype="str")
    sheet = written(replace(pack_of(customers=100), contacts=contacts), tmp_path)["Contacts"]
    assert len(sheet["A2"].value) == 32_767


def test_missing_and_infinite_values_are_empty_cells(pack_of, tmp_path):
    frame = pd.DataFrame(
        {
            "row_id": pd.Series(["a", None, "c"], dtype="str"),
            "x": [1.5, np.nan, np.inf],
            "n": pd.array([1, None, 3], dtype="Int64"),
            "flag": pd.array([True, None, False], dtype="boolean"),
        }
    )
    sheet = written(replace(pack_of(customers=100), contacts=frame), tmp_path)["Contacts"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows == [("a", 1.5, 1, True), (None, None, None, None), ("c", None, 3, False)]


def test_more_contacts_than_a_sheet_holds_go_on_in_the_next_sheet(pack_of, tmp_path):
    """The limit is 1,048,575 contacts a sheet; here 400, so that the test is quick."""
    pack = pack_of()
    assert 800 < len(pack.contacts) < 1200
    book = written(pack, tmp_path, rows_per_sheet=400)
    assert book.sheetnames[1:4] == ["Contacts", "Contacts 2", "Contacts 3"]
    ids = [
        row[0] for name in book.sheetnames[1:4] for row in book[name].iter_rows(min_row=2, values_only=True)
    ]
    assert ids == pack.contacts["row_id"].tolist()
    assert book["Contacts 3"].freeze_panes == "B2"
    assert book["Contacts 2"]["F2"].number_format == book["Contacts"]["F2"].number_format


def test_it_is_told_how_far_the_writing_is(pack_of, tmp_path):
    told: list[float] = []
    write_pack(
        pack_of(), tmp_path / "pack.xlsx", rows_per_sheet=400, progress=lambda step, share: told.append(share)
    )
    assert len(told) == 3 and told == sorted(told) and 0 < told[0] <= told[-1] == 1.0


def test_an_empty_list_is_a_workbook_that_says_so(pack_of, tmp_path):
    book = written(pack_of(scenario=Scenario(cost=1000.0)), tmp_path)
    assert book["Contacts"].max_row == 1
    assert str(book["Summary"]["A1"].value).startswith("Contact no one")


def test_without_an_experiment_the_workbook_says_that_nothing_was_measured(pack_of, tmp_path):
    book = written(pack_of(measured=False), tmp_path)
    assert "No experiment" in str(book["Deciles"]["A2"].value)
    assert [cell.value for cell in book["Profit curve"][1]][-1] == "Predicted profit"


def test_the_sensitivity_sheet_holds_the_grid_and_marks_this_pack(pack_of, tmp_path):
    pack = pack_of()
    sheet = written(pack, tmp_path)["Sensitivity"]
    rows, columns = pack.grid.share.shape
    block = np.array(list(sheet.iter_rows(3, rows + 2, 2, columns + 1, values_only=True)), dtype=np.float64)
    np.testing.assert_allclose(block, pack.grid.share, rtol=1e-15)
    marked = [
        (sheet.cell(r, 1).value, sheet.cell(2, c).value)
        for r in range(3, rows + 3)
        for c in range(2, columns + 2)
        if sheet.cell(r, c).font.u
    ]
    assert marked == [(pack.scenario.margin, pack.scenario.cost)]
    everyone = sheet.cell(2 * rows + 9, 2).value
    assert everyone == pytest.approx(pack.grid.profit_everyone[0, 0])


@pytest.mark.parametrize(
    "scenario",
    [Scenario(), Scenario(margin=0.0, cost=0.0), Scenario(margin=1.0, cost=3.33), Scenario(margin=0.1234567)],
)
def test_the_grid_holds_the_scenario_itself_and_increases(scenario):
    margins, costs = grid_axes(scenario)
    assert scenario.margin in margins and scenario.cost in costs
    assert (np.diff(margins) > 0).all() and (np.diff(costs) > 0).all()


def test_measured_profit_is_the_decisions_own_figure(pack_of):
    """The curve at the chosen number of contacts is Decision.measured, to rounding."""
    pack = pack_of()
    profit, low, high = measured_profit(pack, np.array([float(pack.decision.contacts)]))
    assert profit[0] == pytest.approx(pack.decision.measured.value)
    assert low[0] <= pack.decision.measured.lo and high[0] >= pack.decision.measured.hi


def test_a_failure_leaves_no_half_written_workbook(pack_of, tmp_path):
    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    broken = replace(pack_of(customers=100), contacts=pd.DataFrame({"row_id": [Unprintable()]}))
    with pytest.raises(RuntimeError):
        write_pack(broken, tmp_path / "pack.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_list():
    def peak(rows: int) -> int:
        frame = pd.DataFrame({"row_id": pd.Series(["x"] * rows, dtype="str"), "u": np.ones(rows)})
        tracemalloc.start()
        for _ in rows_xml(frame, {}):
            pass
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    assert peak(6 * BATCH) < 1.5 * peak(2 * BATCH)
