"""What stands on the axes of a map of margin and cost, in words."""

from __future__ import annotations

from core.advice.formats import money, percent
from core.policy.constraints import PerAction
from core.policy.economics import CostAxis

TITLES: dict[CostAxis, str] = {
    "cost": "Cost per contact",
    "factor": "Times each contact's own cost",
    "added": "Added to each contact's own cost",
}
WAYS: dict[CostAxis, str] = {
    "factor": "× each customer's cost",
    "added": "+ money on each cost",
    "cost": "One cost for all",
}
"""What can be asked for where customers have costs of their own; the first is what a page begins with."""

CLICK: dict[CostAxis, str] = {
    "cost": "Click a cell to move margin and cost there.",
    "factor": "Click a cell to move the margin there; the costs stay what they are.",
    "added": "Click a cell to move the margin there; the costs stay what they are.",
}
CLICK_COST = "Click a cell to move the cost there; the margins stay what they are."


def click_words(axis: CostAxis, *, margin: bool) -> tuple[str, ...]:
    """What a click on a cell sets; nothing where neither is to be set. margin: whether the plan has any
    action without a margin of its own.
    """
    if margin:
        return (CLICK[axis],)
    return (CLICK_COST,) if axis == "cost" else ()


def own_margins_words(margins: PerAction, *, all_of_them: bool) -> tuple[str, ...]:
    """Of actions whose margin does not move with the map's."""
    if not margins:
        return ()
    own = ", ".join(f"{action} {margin_words(margin)}" for action, margin in margins)
    if all_of_them:
        return (f"Every action has a margin of its own ({own}), so the map's margins change nothing.",)
    return (f"Margins of their own stay as they are ({own}): the map's are those of the other actions.",)


PREDICTED_ONLY = (
    "What each contact costs stands on no row of the experiment, so this profit is the model's prediction "
    "and nothing measured."
)


def margin_words(value: float) -> str:
    """A margin, with a digit only where it has one."""
    return percent(value, 0 if abs(value * 100 - round(value * 100)) < 1e-9 else 1)


def cost_words(value: float) -> str:
    """A cost of a contact, to a tenth of a cent where it is small."""
    if 0 < value < 0.1 and abs(value * 100 - round(value * 100)) > 1e-6:
        return money(1, cents=False).replace("1", f"{value:.3f}")
    return money(value, cents=True)


def tick_words(axis: CostAxis, value: float) -> str:
    """A place on the cost axis: '€0.08', '× 1.25', '+€0.02'."""
    if axis == "factor":
        return f"× {value:.4g}"
    return f"+{cost_words(value)}" if axis == "added" and value > 0 else cost_words(value)


def cell_words(axis: CostAxis, margin: float, cost: float) -> str:
    """A cell of the map: 'Margin 30 %, cost €0.08'."""
    at = {
        "cost": f"cost {cost_words(cost)}",
        "factor": f"each cost × {cost:.4g}",
        "added": f"{cost_words(cost)} added to each cost",
    }
    return f"Margin {margin_words(margin)}, {at[axis]}"


def span_words(axis: CostAxis, low: float, high: float) -> str:
    """What the cost axis covers."""
    if axis == "factor":
        return f"each contact's own cost times {low:.4g} to {high:.4g}"
    span = f"{cost_words(low)} to {cost_words(high)}"
    return f"costs from {span} a contact" if axis == "cost" else f"{span} added to each contact's own cost"


def now_words(axis: CostAxis, margin: float, cost: float) -> str:
    """Where the scenario stands. cost: the scenario's, which own costs go over."""
    return f"{margin_words(margin)} and {cost_words(cost) if axis == 'cost' else 'the costs as they are'}"


def limit_words(axis: CostAxis, limit: float) -> str:
    """Where a list breaks even along the cost axis."""
    if axis == "factor":
        return f"at {limit:,.2f}\u00a0× each contact's own cost"
    if axis == "added":
        return f"with {cost_words(limit)} added to each contact's own cost"
    return f"at {cost_words(limit)} a contact"
