"""The contact list in words."""

from __future__ import annotations

from collections.abc import Sequence

from core.advice.formats import count, money
from core.scenario import Scenario


def own_costs_note(names: Sequence[str], cost: float) -> str:
    """Of columns with customers' own costs, beside a list that takes one cost for everyone."""
    columns = " and ".join(f"'{name}'" for name in names)
    they, them = ("is", "it") if len(names) == 1 else ("are", "them")
    return (
        f"{columns} {they} not heeded: the list, its order and its figures take {money(cost, cents=True)} a "
        f"contact for everyone. A plan heeds {them} (`persuadable plan` of the list with --all)."
    )


def held_out_note(held: int, contacts: int, cost: float, profit: float) -> str:
    """Of a list on which some customers are held out. cost, profit: of the contacts that are left, money."""
    listed = count(held + contacts)
    return (
        f"{count(held)} of the {listed} contacts on the list are of customers held out by chance, who are "
        f"not contacted. {count(contacts)} will be made, for {money(cost)}; the model predicts "
        f"{money(profit)} of profit from them. All other figures, cost and profit included, are of all "
        f"{listed}."
    )


def list_title(scenario: Scenario, contacts: int, *, planned: bool) -> str:
    """What the table holds."""
    if contacts == 0:
        return f"No one is contacted in this {'plan' if planned else 'scenario'}"
    order = "in order of id" if list_note(scenario, contacts) else "best first"
    what, of = ("contact", "of the plan") if planned else ("customer", "to contact")
    return f"The {count(contacts)} {what}{'' if contacts == 1 else 's'} {of}, {order}"


def list_found(passing: int, contacts: int) -> str:
    """How many rows the filters leave."""
    if passing == 0:
        return f"None of the {count(contacts)} passes the filters."
    return f"{count(passing)} of {count(contacts)} pass{'es' if passing == 1 else ''} the filters."


TOO_MANY_FOR_EXCEL = (
    "So many contacts are not made into an Excel workbook at a click: build the pack, or take CSV or Parquet."
)

NO_ROWS = "No customer to show: set more contacts, or take back a filter."

BY_ID = (
    "By these settings a contact earns nothing, whoever it is: nothing tells the customers apart, and the "
    "list stands in order of id."
)


def list_note(scenario: Scenario, contacts: int) -> str:
    """What must be known of the order of the list; empty where it is that of profit."""
    return BY_ID if contacts and scenario.margin * scenario.value == 0 else ""


PACK_HOLDS = (
    "The pack is an Excel workbook with summary, contacts, profit curve, deciles, sensitivity and "
    "assumptions, and a one-page summary as text."
)
PLAN_FILES = (
    "The files hold the contacts of this plan: by which action, in which order, and why. The pack is an "
    "Excel workbook with these, the conditions and what they cost, summary and assumptions, and a one-page "
    "summary as text."
)
