"""Two scenarios side by side: both stand in the address, and the difference follows what is filled in."""

from __future__ import annotations

import csv
import io
import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

from reader import Reader
from selenium.webdriver.common.keys import Keys


def asked(reader: Reader) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(reader.address).query).items()}


def said(reader: Reader) -> str:
    return reader.words("#compare-answer .sentence")


def test_both_scenarios_stand_in_the_address_and_come_back_with_it(reader: Reader, query: str) -> None:
    reader.open(f"/profit?{query}")
    reader.click(".next a[href^='/compare']")
    reader.until(lambda: asked(reader).get("b_topn") == "8000", "the second scenario in the address")
    reader.until(lambda: "than" in said(reader), "the comparison")
    first, entries = said(reader), reader.script("return history.length")
    reader.write("#b-topn", "900")
    reader.until(lambda: asked(reader).get("b_topn") == "900", "the contacts in the address")
    reader.write("#b-name", "Small <b>push</b>")
    reader.until(lambda: asked(reader).get("b_name") == "Small <b>push</b>", "the name in the address")
    reader.write("#b-budget", "40")
    reader.until(lambda: asked(reader).get("b_budget") == "40.0", "the budget in the address")
    reader.write("#a-margin", "35")
    reader.until(lambda: asked(reader).get("margin") == "0.35", "the first's margin in the address")
    reader.until(lambda: "35.0 %" in reader.words("#compare-evidence table"), "what it makes of it")
    assert said(reader) != first
    assert reader.script("return history.length") == entries
    table = reader.words("#compare-evidence table")
    assert "800" in table and "B · Small <b>push</b>" in table  # €40 at €0.05 a contact
    assert "a budget of €40" in reader.words("#compare-evidence")
    before = (said(reader), reader.words("#compare-evidence"), reader.address)
    reader.driver.refresh()
    reader.settled()
    assert (said(reader), reader.words("#compare-evidence"), reader.address) == before
    link = reader.element(".tools a[href*='/api/compare.csv']").get_attribute("href")
    with urllib.request.urlopen(link) as answer:
        rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8-sig")))
    assert [row["scenario"] for row in rows] == ["a", "b", "b_less_a"]
    assert rows[1]["contacts"] == "800"


def test_a_name_goes_along_and_swapping_changes_the_sign(reader: Reader, query: str) -> None:
    reader.open(f"/compare?{query}&topn=500&b_topn=3000&b_name=Wide")
    difference = "#compare-evidence tbody tr:nth-child(2) td:nth-child(4)"
    assert reader.words(difference) == "+2,500"
    reader.click("#compare-swap")
    reader.until(lambda: reader.words(difference) == "−2,500", "the other sign")
    reader.until(lambda: asked(reader).get("name") == "Wide", "the name in the address")
    assert asked(reader)["b_topn"] == "500" and "b_name" not in asked(reader)
    reader.until(lambda: "Wide" in reader.words("#context"), "the name in the bar")
    reader.click(".rail a[href^='/profit']")
    reader.until(lambda: "/profit" in reader.address, "the profit page")
    reader.until(lambda: "Wide" in reader.words("#context"), "the name in the bar there")
    assert asked(reader)["name"] == "Wide"


def test_what_cannot_be_is_said_and_what_was_filled_in_stays(reader: Reader, query: str) -> None:
    reader.open(f"/compare?{query}&b_margin=lots&b_topn=100")
    assert "b_margin could not be used" in reader.words()
    quota = '[{"column":"zip_code","value":"Rural","min":7999}]'
    reader.open(f"/compare?{query}&b_quotas={quota}")
    assert "at most" in reader.words("#compare-answer") and not reader.words("#compare-evidence")
    reader.write("#a-margin", "130")
    reader.until(lambda: "scenario A's margin" in reader.words("#compare-told"), "the reason")
    assert reader.script("return document.querySelector('#a-margin').value") == "130"


def test_a_box_that_cannot_be_used_is_told_and_all_others_count(reader: Reader, query: str) -> None:
    """A comma is a point, also where a pause falls behind it; below zero is not the same as empty."""
    reader.open(f"/compare?{query}&topn=500&b_topn=3000")
    field = reader.element("#a-margin")
    field.send_keys(Keys.CONTROL, "a")
    for key in "12,5":
        field.send_keys(key)
        time.sleep(0.45)  # longer than the pause after which a box is sent
    reader.until(lambda: asked(reader).get("margin") == "0.125", "the margin in the address")
    assert not reader.words("#compare-told")
    reader.write("#a-margin", "-4")
    reader.until(lambda: "−4 cannot be used as scenario A's margin" in reader.words("#compare-told"), "it")
    reader.until(lambda: "12.5 %" in reader.words("#compare-evidence table"), "what the others make")
    before = said(reader)
    reader.write("#b-topn", "2000")
    reader.until(lambda: asked(reader).get("b_topn") == "2000", "another box")
    reader.until(lambda: said(reader) != before, "what it makes of it")
    assert asked(reader)["margin"] == "0.125"
    assert "scenario A's margin" in reader.words("#compare-told")


def test_other_conditions_are_changed_on_policy_and_both_come_back(reader: Reader, query: str) -> None:
    reader.open(f"/compare?{query}&topn=500&b_topn=3000&b_budget=60&b_name=Wide")
    assert "Quotas, capacities and all other conditions" in reader.words("#compare-others")
    reader.script("document.querySelector('#compare-others a:last-child').click()")
    reader.until(lambda: "/policy" in reader.address, "the policy page")
    reader.settled()
    assert (asked(reader)["topn"], asked(reader)["budget"]) == ("3000", "60.0")
    reader.click(".rail a[href^='/compare']")
    reader.until(lambda: "/compare" in reader.address, "the way back")
    reader.settled()
    assert (asked(reader)["name"], asked(reader)["topn"], asked(reader)["b_topn"]) == ("Wide", "3000", "500")
