"""What the result components show is what the engines say: figures and trees, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import html

from components import ids
from components import template as t
from components.chart import CONFIG, chart
from components.controls import controls
from components.decile_figure import decile_figure, decile_summary
from components.decision_box import decision_box
from components.problems import SHOWN, problem_panel
from components.profit_figure import POINTS, profit_figure, profit_summary
from components.qini_figure import qini_figure
from components.sensitivity_figure import list_profit, sensitivity_figure
from core import advice
from core.data.problems import refuse, row_problems
from core.decision import Decision, decide
from core.errors import DataError
from core.policy.economics import RankedUplift, profit_curve, sensitivity
from core.scenario import BOUNDS, Scenario
from core.uplift.gain import GainCurve
from pages.situation import reason

CURVE = GainCurve(
    share=np.array([0.0, 0.25, 0.5, 1.0]),
    gain=np.array([0.0, 0.3, 0.4, 0.35]),
    se=np.array([0.0, 0.1, 0.1, 0.15]),
    gap_se=np.array([0.15, 0.1, 0.1, 0.0]),
    critical=2.5,
    customers=1000,
)
RANKED = RankedUplift.of(np.random.default_rng(0).normal(0.3, 1.0, 5000))
SCENARIO = Scenario(data="a", model="b", margin=0.3, cost=0.05)


@pytest.fixture
def decision() -> Decision:
    return decide(RANKED, CURVE, SCENARIO)


def parts(component: Any) -> Iterator[Any]:
    """The component and all below it, depth first."""
    yield component
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if child is not None:
            yield from parts(child)


def words(component: Any) -> str:
    said = " ".join(part for part in parts(component) if isinstance(part, str))
    return said.replace("\u00a0", " ").replace("\u2060", "")  # what keeps figures on one line is no word


def trace(figure: Any, uid: str) -> Any:
    return next(trace for trace in figure.data if trace.uid == uid)


def test_the_decision_box_says_the_verdicts_sentences(decision):
    said = words(decision_box(advice.verdict(decision)))
    for sentence in advice.verdict(decision).sentences:
        assert sentence in said


def test_the_profit_figure_draws_measured_and_predicted_as_the_same_pair(decision):
    curve = profit_curve(RANKED, 0.3, 0.05)
    figure = profit_figure(decision, curve, CURVE)
    predicted, measured = trace(figure, t.PREDICTED), trace(figure, t.MEASURED)
    assert "px" in predicted.line.dash
    assert measured.line.dash is None
    assert max(predicted.y) == pytest.approx(curve.profit.max())
    x = np.asarray(measured.x)
    assert set(x) == {*CURVE.share, decision.share}  # the current point lies on the line
    np.testing.assert_allclose(measured.y, 5000 * (0.3 * np.interp(x, CURVE.share, CURVE.gain) - 0.05 * x))
    assert decision.measured is not None
    assert measured.y[list(x).index(decision.share)] == pytest.approx(decision.measured.value)
    assert len(predicted.x) <= 401


def test_beside_lines_that_fall_the_words_stand_on_their_free_side():
    """Where no contact pays both fall: what is above one begins at its point, what is below ends there."""
    falling = Scenario(data="a", model="b", margin=0.02, cost=0.5)
    figure = profit_figure(decide(RANKED, CURVE, falling), profit_curve(RANKED, 0.02, 0.5), CURVE)
    beside = {note.text: note for note in figure.layout.annotations}
    for name, uid in (("predicted", t.PREDICTED), ("measured", t.MEASURED)):
        line, note = trace(figure, uid), beside[name]
        above = note.y > np.interp(note.x, np.asarray(line.x), np.asarray(line.y))
        assert note.xanchor == ("left" if above else "right")


def test_the_band_is_the_uniform_band_carried_to_the_audience(decision):
    figure = profit_figure(decision, profit_curve(RANKED, 0.3, 0.05), CURVE)
    upper, lower = trace(figure, t.UPPER), trace(figure, t.BAND_UID)
    se = np.interp(np.asarray(upper.x), CURVE.share, CURVE.se)
    np.testing.assert_allclose(np.subtract(upper.y, lower.y), 2 * 5000 * 0.3 * 2.5 * se)


def test_without_an_experiment_nothing_is_drawn_as_measured():
    alone = decide(RANKED, None, SCENARIO)
    figure = profit_figure(alone, profit_curve(RANKED, 0.3, 0.05), None)
    assert t.MEASURED not in {trace.uid for trace in figure.data}


def test_the_sensitivity_scale_is_centred_at_zero_and_a_cell_carries_its_margin_and_cost(decision):
    grid = sensitivity(RANKED, np.array([0.1, 0.3]), np.array([0.0, 0.05, 0.4]))
    heatmap = sensitivity_figure(decision, grid, CURVE, "list").data[0]
    assert heatmap.zmin == -heatmap.zmax
    assert [float(v) for v in heatmap.customdata[1][2][:2]] == pytest.approx([0.3, 0.4])
    np.testing.assert_allclose(heatmap.z, list_profit(decision, grid, CURVE))


def test_the_current_list_at_todays_margin_and_cost_is_the_decisions_measured_profit(decision):
    grid = sensitivity(RANKED, np.array([0.3]), np.array([0.05]))
    assert decision.measured is not None
    assert list_profit(decision, grid, CURVE)[0, 0] == pytest.approx(decision.measured.value)


def test_decile_intervals_are_drawn_as_measured():
    deciles = pd.DataFrame(
        {
            "decile": [1, 2],
            "customers": [500, 500],
            "predicted_uplift": [2.0, 0.1],
            "measured_uplift": [1.0, 0.2],
            "lo": [0.4, -0.3],
            "hi": [1.7, 0.7],
            "treated": [250, 250],
            "control": [250, 250],
            "mean_treated": [2.0, 1.2],
            "mean_control": [1.0, 1.0],
        }
    )
    bars = trace(decile_figure(deciles, binary=False), t.MEASURED).error_y
    np.testing.assert_allclose(bars.array, [0.7, 0.5])
    np.testing.assert_allclose(bars.arrayminus, [0.6, 0.5])
    assert decile_summary(deciles, binary=False)


def test_every_chart_has_words_for_screen_readers_and_no_way_to_a_cloud(decision):
    figure = profit_figure(decision, profit_curve(RANKED, 0.3, 0.05), CURVE)
    tree = chart("x", figure, finding="A finding", summary=profit_summary(decision), csv=("/api/c", SCENARIO))
    assert profit_summary(decision) in words(tree)
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False


def test_every_control_has_a_slider_a_number_box_and_its_unit(decision):
    tree = controls(decision)
    kinds = [type(part).__name__ for part in parts(tree)]
    assert kinds.count("Slider") == 3
    said = words(tree)
    for label in ("Margin", "Cost per contact", "Contacts"):
        assert label in said
    assert "%" in said and "€" in said


@pytest.mark.parametrize(("value", "binary", "seen"), [(1, False, False), (1, True, True), (2, False, True)])
def test_the_worth_of_a_response_is_a_control_where_the_outcome_is_no_amount(decision, value, binary, seen):
    """Its bounds are the scenario's; where it is not shown, it cannot be reached by keyboard either."""
    scenario = replace(decision.scenario, value=float(value))
    tree = controls(replace(decision, scenario=scenario), binary=binary)
    (box,) = [part for part in parts(tree) if getattr(part, "id", None) == ids.box(ids.WORTH)]
    around = [part for part in parts(tree) if getattr(part, "className", "") == "control"]
    (holder,) = [part for part in around if box in parts(part)]
    assert (box.value, box.min, box.max) == (value, *BOUNDS["value"])
    assert holder.hidden is (not seen)


def test_problems_are_shown_columns_first_at_most_fifteen_with_the_count_of_all():
    rows = [{"message": "is text", "fix": "Write a number.", "row": k, "value": "<b>"} for k in range(2, 60)]
    panel = problem_panel("The file cannot be used.", [*rows, {"message": "is missing", "column": "spend"}])
    shown = [part for part in parts(panel) if type(part).__name__ == "Tr"][1:]
    assert len(shown) == SHOWN
    assert "spend" in words(shown[0])
    assert "15 of 59 shown" in words(panel)


def test_rows_that_are_counted_and_not_listed_stand_in_the_one_count_of_the_panel():
    listed = row_problems(np.ones(2500, dtype=bool), pd.Series(["x"] * 2500, name="id"), "Twice.", "Mend it.")
    with pytest.raises(DataError, match="2,500 problems") as refused:
        refuse(listed)
    panel = words(html.Div(reason(refused.value)))
    assert "15 of 2,500 shown" in panel and "more rows" not in panel and "1,001" not in panel


def test_no_figure_of_a_million_customers_carries_more_than_a_few_thousand_numbers():
    """Issue 6: the profile curves are reduced, the optimum stays (the model's and the experiment's curve)."""
    rng = np.random.default_rng(3)
    ranked, n = RankedUplift.of(rng.normal(0.2, 1, 1_000_000)), 1_000_000
    share = np.linspace(0, 1, n)
    experiment = GainCurve(share, 0.3 * share, 0.01 * share, 0.01 * (1 - share), 2.5, n)
    scenario = Scenario(margin=0.3, cost=0.05)
    decision = decide(ranked, experiment, scenario)
    drawn = profit_figure(decision, profit_curve(ranked, 0.3, 0.05, points=POINTS), experiment)
    assert sum(trace.x.size if hasattr(trace.x, "size") else len(trace.x) for trace in drawn.data) <= 3000
    best = trace(drawn, t.BEST)
    assert round(best.x[0] * n) == decision.best_contacts
    assert best.y[0] == pytest.approx(decision.predicted.profit)
    grid = sensitivity(ranked, np.linspace(0.05, 0.65, 50), np.linspace(0, 0.15, 50))
    assert sensitivity_figure(decision, grid, experiment, "best").data[0].z.size == 2500
    assert len(qini_figure(experiment, binary=False).data[0].x) <= 1000
