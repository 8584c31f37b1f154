"""What a response is worth is set beside margin and cost, decides, and stands in the link."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from accessibility import serious
from reader import Reader
from selenium.webdriver.common.keys import Keys
from servers import Server, small_campaign

from components import ids
from core.commands.example import ROLES

BOX = "#worth-box"
LIMIT = f"[id='{ids.dom(ids.limit('value'))}']"
UNSAID = "each yes counts as €1.00"


@pytest.fixture(scope="module")
def visits(server: Server) -> str:
    """The query of a campaign whose outcome is yes or no."""
    roles = replace(ROLES, outcome="visit", drop=("conversion", "spend"))
    return small_campaign(server, 4000, roles, "visits", "t-ridge")


def worth(reader: Reader) -> str | None:
    return parse_qs(urlsplit(reader.address).query).get("value", [None])[0]


def shown(reader: Reader, selector: str) -> bool:
    return bool(reader.script("return !!document.querySelector(arguments[0])?.offsetParent", selector))


def written(reader: Reader, selector: str, amount: str) -> None:
    """By the keyboard: focus, number, Tab."""
    reader.focus(selector)
    reader.write(selector, amount)
    reader.until(lambda: worth(reader) in (amount, f"{amount}.0"), f"{amount} in the address")


@pytest.mark.parametrize(
    ("page", "box"), [("/profit", BOX), ("/sensitivity", BOX), ("/contacts", BOX), ("/policy", LIMIT)]
)
def test_a_response_counts_as_one_until_its_worth_is_set_and_the_link_reproduces_it(
    reader: Reader, visits: str, page: str, box: str
) -> None:
    reader.open(f"{page}?{visits}")
    reader.until(lambda: reader.decision.startswith("Contact no one"), "the decision at €1")
    assert UNSAID in reader.words(".decision") and "€1.00 a response" in reader.words("#context")
    entries = reader.script("return history.length")
    written(reader, box, "80")
    reader.until(lambda: "of 4,000" in reader.decision or "everyone" in reader.decision, "the decision at 80")
    reader.until(lambda: "€80.00 a response" in reader.words("#context"), "the worth in the bar")
    assert UNSAID not in reader.words(".decision")
    assert reader.script("return history.length") == entries
    before = reader.decision
    reader.driver.refresh()
    reader.settled()
    reader.until(lambda: reader.decision == before, "the same decision by the link")
    assert reader.element(box).get_property("value") == "80"


@pytest.mark.parametrize(("page", "box"), [("/profit", BOX), ("/policy", LIMIT)])
def test_the_worth_is_in_the_drawer_of_a_telephone_and_empty_it_becomes_what_it_was(
    reader: Reader, visits: str, page: str, box: str
) -> None:
    reader.open(f"{page}?{visits}&value=80", width=390)
    reader.click("#sheet-controls")
    reader.until(lambda: shown(reader, box), "the box")
    written(reader, box, "2")
    reader.until(lambda: reader.decision.startswith("Contact no one"), "the decision at €2")
    field = reader.element(box)
    for keys in ((Keys.CONTROL, "a"), (Keys.BACKSPACE,), (Keys.TAB,)):
        field.send_keys(*keys)
    reader.until(lambda: reader.element(box).get_property("value") == "2", "what stood in the box")
    assert worth(reader) in ("2", "2.0")
    assert reader.script("return document.documentElement.scrollWidth") <= 390
    assert serious(reader) == []


def test_compare_has_a_worth_for_each_side_and_names_it(reader: Reader, visits: str) -> None:
    reader.open(f"/compare?{visits}&value=80&topn=1000&b_value=80&b_topn=2000")
    reader.write("#b-value", "20")
    reader.until(lambda: "worths of a response (€80.00 and €20.00)" in reader.words("#compare-answer"), "why")
    row = reader.words("#compare-evidence tbody tr:first-child")
    assert "€80.00 a response" in row and "€20.00 a response" in row
    assert "b_value=20" in reader.address
    assert serious(reader) == []


def test_an_amount_of_money_needs_no_worth(reader: Reader, query: str) -> None:
    for page, box in (("/profit", BOX), ("/policy", LIMIT), ("/compare", "#a-value")):
        reader.open(f"{page}?{query}")
        assert not shown(reader, box), page
        assert "a response" not in reader.words("#context")
        reader.open(f"{page}?{query}&value=2")
        assert shown(reader, box), page
