"""Margin, cost and number of contacts: each a slider with a number box, in the unit people think in.

Beside them the worth of a response, a number box, where the outcome is no amount of money.
"""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import ids
from components.aria import aria, marks
from components.axis import nice_step
from components.icons import icon
from components.number_box import number_box
from components.term import term
from core.advice import count, worth_counts, worth_title
from core.decision import Decision
from core.scenario import BOUNDS, Scenario
from core.settings import Settings


def controls(decision: Decision, *, binary: bool = False) -> html.Section:
    """The panel of controls; on a narrow screen it is a drawer that leaves the decision visible.

    binary: whether the outcome is yes or no, so that someone must say what a yes is worth.
    """
    scenario = decision.scenario
    currency = Settings.from_environment().currency
    top = cost_top(scenario.cost)
    margin = round(scenario.margin * 100, 6)
    fields = [
        _control(
            ids.MARGIN,
            [term("margin", "Margin"), " (% of revenue kept)"],
            "Margin, percent of revenue kept",
            value=margin,
            top=100,
            step=0.5,
            unit="%",
        ),
        _control(
            ids.COST,
            [f"Cost per contact ({currency})"],
            f"Cost per contact in {currency}",
            value=scenario.cost,
            top=top,
            step=nice_step(top, 200),
            unit=currency,
        ),
        _worth(scenario, currency, binary=binary),
        _control(
            ids.CONTACTS,
            ["Contacts (customers)"],
            "Number of customers to contact",
            value=decision.contacts,
            top=max(decision.customers, 1),
            step=1,
            unit="",
            under=_best_button(decision),
            points=best_marks(decision),
        ),
    ]
    return html.Section(
        [
            html.Div(fields, className="fields"),
            dcc.Store(id=ids.BEST, data=decision.best_contacts),
            dcc.Store(id=ids.BEST_NEWS),
            dcc.Store(id=ids.SHOWN, data=_shown(scenario, margin, top, decision.contacts)),
            dcc.Store(id=ids.PICK),
        ],
        id=ids.CONTROLS,
        className="controls",
        **aria(label="Controls"),
    )


def _shown(scenario: Scenario, margin: float, top: float, contacts: int) -> dict[str, float]:
    """What sliders and boxes show at first, by the names that assets/controls.js has for them."""
    return {
        "margin": margin,
        "marginBox": margin,
        "cost": min(scenario.cost, top),
        "costBox": scenario.cost,
        "contacts": contacts,
        "contactsBox": contacts,
        "worthBox": scenario.value,
    }


def cost_top(cost: float) -> float:
    """The right end of the cost slider: a round number with room above the present cost."""
    wanted = max(4 * cost, 0.2)
    top = 10 * nice_step(wanted, 10)  # a thousandth less is near enough for ticks, but not here
    return top if top >= wanted else 10 * nice_step(1.01 * wanted, 10)


def best_marks(decision: Decision) -> dict[int, dict[str, Any]]:
    """The number of contacts the data support best, marked on the track."""
    return {decision.best_contacts: {"label": "best", "style": {"fontSize": "13px"}}}


def best_offer(decision: Decision) -> tuple[list[Any], bool]:
    """Words of the button that goes back to the best number, and whether it is hidden."""
    set_by_hand = decision.scenario.policy == "bestN" and decision.scenario.topn is not None
    words = f" Use the best, {count(decision.best_contacts)}"
    return [icon("arrow-counterclockwise"), words], not set_by_hand


def _best_button(decision: Decision) -> html.Button:
    words, hidden = best_offer(decision)
    return html.Button(words, id=ids.BEST_BUTTON, className="linklike", hidden=hidden)


def _control(
    name: str,
    words: list[Any],
    spoken: str,
    *,
    value: float,
    top: float,
    step: float,
    unit: str,
    under: Any = None,
    points: dict[int, Any] | None = None,
) -> html.Div:
    return html.Div(
        [
            html.Label(words, htmlFor=ids.box(name), className="label"),
            html.Div(
                [
                    html.Div(
                        dcc.Slider(
                            id=ids.slider(name),
                            min=0,
                            max=top,
                            step=step,
                            value=min(value, top),
                            marks=points,
                            included=True,
                            updatemode="drag",
                            allow_direct_input=False,
                        ),
                        className="slide",
                        **marks(names_slider=spoken),
                    ),
                    _amount(name, value, top if name != ids.COST else BOUNDS["cost"][1], unit),
                ],
                className="track",
            ),
            html.Div(className="said", **aria(live="polite")),  # by assets/boxes.js alone
            html.Div(under, className="under"),
        ],
        className="control",
    )


def _amount(name: str, value: float, most: float, unit: str) -> html.Div:
    box = number_box(ids.box(name), value, whole=name == ids.CONTACTS, min=0, max=most)
    return html.Div([box, html.Span(unit, className="unit")], className="amount")


def _worth(scenario: Scenario, currency: str, *, binary: bool) -> html.Div:
    """What one response brings in. Hidden where the outcome is money, which is worth what it is: it is there
    all the same, so that scripts have one set of controls."""
    words = f"{worth_title(binary=binary)} ({currency})"
    return html.Div(
        [
            html.Label(words, htmlFor=ids.box(ids.WORTH), className="label"),
            html.Div(
                _amount(ids.WORTH, scenario.value, BOUNDS["value"][1], currency), className="track alone"
            ),
            html.Div(className="said", **aria(live="polite")),
        ],
        className="control",
        hidden=not worth_counts(scenario, binary=binary),
    )
