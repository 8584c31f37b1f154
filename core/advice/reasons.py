"""Why a customer is on the contact list, in one short sentence a customer."""

from __future__ import annotations

from core.advice.formats import money, percent
from core.scenario import Scenario

ALIKE = "Nothing tells the customers apart, so they stand by id"
ASKED = "on the list because of the number of contacts asked for"


def reason(scenario: Scenario, uplift: float, at_least: int, customers: int, *, alike: bool) -> str:
    """Why this customer, from the numbers of the list.

    uplift: predicted, outcome units. at_least: how many of all `customers` have an uplift as large, those
    tied with this one among them, so that no one is called better than an equal. alike: all have the same.
    """
    brought = uplift * scenario.margin * scenario.value
    bringing = f"expected to bring {_cents(brought)} for {_cents(scenario.cost)}"
    if brought < 0:
        bringing = f"expected to lose {_cents(-brought)} beside its {_cents(scenario.cost)}"
    share = -(-100 * at_least // customers) / 100
    parts = [
        ALIKE if alike or scenario.margin * scenario.value == 0 else "",
        f"Among the {percent(share, 0)} with the largest uplift" if share < 1 else "",
    ]
    words = next((part for part in parts if part), "")
    sentence = f"{words}; {bringing}" if words else bringing[:1].upper() + bringing[1:]
    return sentence if brought > scenario.cost else f"{sentence}, {ASKED}"


def _cents(amount: float) -> str:
    return "less than a cent" if 0 < amount < 0.005 else money(amount, cents=True)
