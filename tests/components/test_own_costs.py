"""Promises of the maps of an audience whose customers have costs of their own. Oracle: every cell by hand."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from test_charts import parts, words
from typer.testing import CliRunner

from components import ids
from components import template as t
from core.advice.alternatives import held_back
from core.advice.cost_axis import PREDICTED_ONLY, WAYS
from core.alternatives import Alternative, both_of, both_to_query, opponent, side_by_side
from core.cli import app
from core.contact_plan import stored_plan
from core.grid_axes import grid_axes
from core.own_costs import OwnCosts, own_costs
from core.plan_map import COSTS, plan_map
from core.workspace import Workspace
from pages import contacts, profit, sensitivity, work
from pages.frame import bar_and_paper, looked_at
from pages.plan_map import drawn_map
from pages.situation import Situation, situation
from webapp.api import create_api


def found(tree: Any, id: str) -> Any:
    return next(part for part in parts(tree) if getattr(part, "id", None) == id)


@pytest.fixture(scope="module")
def own(workspace: Workspace, campaign: dict[str, str]) -> dict[str, str]:
    """The campaign whose customers cost 0 to 0.4 each, in tenths; some are free, a few are suppressed."""
    frame = workspace.data.frame(campaign["data"])
    cost = np.random.default_rng(5).integers(0, 5, len(frame)) / 10
    marked = np.where(np.arange(len(frame)) % 40 == 0, "yes", "")
    data = workspace.data.add(frame.assign(cost=cost, suppressed=marked), "Own costs")
    return campaign | {"data": data.id}


@pytest.fixture(scope="module")
def now(workspace: Workspace, own: dict[str, str]) -> Situation:
    return situation(workspace, own)


@pytest.fixture(scope="module")
def people(workspace: Workspace, own: dict[str, str], now: Situation) -> pd.DataFrame:
    """Who may be contacted: uplift and cost, in the order of the file."""
    frame = workspace.data.frame(own["data"])
    table = pd.DataFrame({"uplift": now.scored.scores().uplift[:, 0], "cost": frame["cost"]})
    return table[frame["suppressed"] != "yes"]


@pytest.fixture(scope="module")
def costs(now: Situation) -> OwnCosts:
    return own_costs(now.scored)


@pytest.mark.parametrize("axis", ["factor", "added"])
def test_every_cell_is_the_best_choice_at_its_margin_and_costs(now, people, costs, axis):
    grid = costs.grid(now.scenario, axis)
    assert grid.axis == axis
    np.testing.assert_array_equal(grid.margins, grid_axes(now.scenario)[0])
    for m, margin in enumerate(grid.margins):
        for c, at in enumerate(grid.costs):
            cost = people["cost"] * at if axis == "factor" else people["cost"] + at
            each = margin * people["uplift"] - cost
            assert grid.profit[m, c] == pytest.approx(each[each > 0].sum(), abs=1e-6)
            assert grid.profit_everyone[m, c] == pytest.approx(each.sum(), abs=1e-6)
            assert grid.contacts[m, c] == pytest.approx((each > 0).sum(), abs=1)
            assert grid.share[m, c] == grid.contacts[m, c] / now.decision.customers


@pytest.mark.parametrize("topn", [None, 0, 1, 700, 4000])
def test_todays_list_is_the_plan_of_the_policy_page(workspace, own, costs, topn):
    """Without other conditions: the same contacts, revenue, cost and profit as `core.contact_plan` has."""
    asked = situation(workspace, own | ({} if topn is None else {"topn": str(topn)}))
    plan = stored_plan(asked.scored, asked.scenario, asked.conditions)
    mine = costs.decided(asked.decision)
    assert mine.contacts == plan.contacts
    assert mine.predicted.profit == pytest.approx(plan.expected_profit, rel=1e-6)
    assert mine.predicted.cost == pytest.approx(plan.cost, rel=1e-6)
    assert mine.measured is None


@pytest.mark.parametrize("axis", ["factor", "added"])
def test_the_list_earns_in_every_cell_what_its_contacts_do(now, people, costs, axis):
    each = now.scenario.margin * people["uplift"] - people["cost"]
    chosen = people[each > 0]
    figure = found(sensitivity._map(now, "list", axis), ids.SENSITIVITY_CHART).figure
    heatmap, line = figure.data[0], next(one for one in figure.data if one.uid == t.PREDICTED)
    grid = costs.grid(now.scenario, axis)
    cost = (
        chosen["cost"].sum() * grid.costs
        if axis == "factor"
        else chosen["cost"].sum() + len(chosen) * grid.costs
    )
    wanted = grid.margins[:, None] * chosen["uplift"].sum() - cost
    np.testing.assert_allclose(np.asarray(heatmap.z), wanted, atol=1e-6)
    assert heatmap.customdata[3][4][1] is None  # a click sets the margin alone
    assert not [one for one in figure.data if one.uid == t.MEASURED]
    along = np.interp(np.asarray(line.x), np.arange(grid.costs.size), grid.costs)
    margin = np.interp(np.asarray(line.y), np.arange(grid.margins.size), grid.margins)
    spent = chosen["cost"].sum() * along
    if axis == "added":
        spent = chosen["cost"].sum() + len(chosen) * along
    within = along < grid.costs[-1]
    left = (margin * chosen["uplift"].sum() - spent)[within]
    assert np.abs(left).max() < 0.02 * np.abs(wanted).max()  # straight lines between the ticks of both axes


def test_the_page_says_which_costs_it_takes_and_what_is_only_predicted(workspace, own, campaign):
    page = sensitivity.layout(workspace, **own)
    ways = found(page, ids.SENSITIVITY_AXIS)
    assert [one["label"] for one in ways.options] == list(WAYS.values())
    assert ways.value == "factor"
    said = words(page)
    assert "The audience has 'cost' and 'suppressed'. The map heeds them" in said
    assert PREDICTED_ONLY in said and "own cost" in words(found(page, ids.finding(ids.SENSITIVITY_CHART)))
    assert "each contact's own cost times 0 to 3" in words(found(page, ids.summary(ids.SENSITIVITY_CHART)))
    assert "this page's figures do not know" in words(profit.layout(workspace, **own))
    plain = sensitivity.layout(workspace, **campaign)
    assert PREDICTED_ONLY not in words(plain) and "audience has" not in words(plain)
    assert not [part for part in parts(plain) if getattr(part, "id", None) == ids.SENSITIVITY_AXIS]


@pytest.mark.parametrize("settings", [{}, {"topn": "700"}, {"topn": "700", "cost": "0.5", "budget": "40"}])
def test_every_page_knows_that_a_plan_decides_where_the_audience_has_such_columns(workspace, own, settings):
    """Contacts' list, Compare and its file, the bar and the paper: one list. Oracle: the plan itself."""
    asked = own | settings
    here = situation(workspace, asked)
    plan = stored_plan(here.scored, here.scenario, here.conditions)
    assert contacts._rows(here).contacts == plan.contacts
    columns = here.scored.data.columns
    first = Alternative.from_query(asked, columns)[0]
    second = opponent(first, here.decision.customers, columns)
    pair = side_by_side(here.scored, first, second)
    assert pair.first.decision.contacts == plan.contacts
    assert pair.second.decision.reached <= 0.975 * 4000 and second != first  # a fortieth is suppressed
    both = both_to_query(first, second)
    assert both_of(both, columns) == (first, second, ())
    table = pd.read_csv(io.BytesIO(csv_of(workspace, "compare", both).content))
    assert table["contacts"].tolist()[0] == plan.contacts
    assert "column 'suppressed'" in held_back(pair.first, pair.heeded)
    bar, paper = map(words, bar_and_paper(asked, *looked_at(workspace, here.scenario)))
    assert "plan with conditions" in bar
    assert "cost that the audience says" in paper and "column 'suppressed'" in paper


@pytest.mark.parametrize("topn", [(), ("--topn", "700")])
def test_the_command_lines_pack_is_the_apps(workspace, own, now, tmp_path, monkeypatch, topn):
    """The same file by hand and by the page's job: one list without the suppressed, in files and words."""
    monkeypatch.setenv("PERSUADABLE_ARTIFACTS_DIR", str(workspace.settings.artifacts))
    source = tmp_path / "audience.csv"
    workspace.data.frame(own["data"]).to_csv(source, index=False)
    job = work.pack_work(workspace, own | ({"topn": topn[1]} if topn else {}), "")
    options = ("--models", str(workspace.model_path(own["model"])), "--margin", "0.5", "--cost", "0.2", *topn)
    for argv in (job.argv, ("pack", "--in", str(source), "--out", str(tmp_path / "by hand"), *options)):
        done = CliRunner().invoke(app, list(argv))
        assert done.exit_code == 0, done.output
    lists = [next(f.glob("*.csv")) for f in (Path(job.artifact), tmp_path / "by hand")]
    tables = [pd.read_csv(one) for one in lists]
    pd.testing.assert_frame_equal(*tables)
    plan = stored_plan(
        now.scored,
        replace(now.scenario, topn=int(topn[1]) if topn else None),
        replace(now.conditions, topn=int(topn[1]) if topn else None),
    )
    assert len(tables[1]) == plan.contacts and not (tables[1]["suppressed"] == "yes").any()
    assert f"Contact {plan.contacts:,} of 4,000 customers" in done.stdout
    assert "No one marked in the audience's column 'suppressed'; each customer at the cost" in done.stdout
    book = load_workbook(lists[1].with_suffix(".xlsx"), read_only=True)
    assert ("Contacts", plan.contacts) in [row[:2] for row in book["Summary"].iter_rows(values_only=True)]
    assert "Condition: no one marked" in lists[1].with_suffix(".md").read_text(encoding="utf-8")


def test_every_view_of_every_way_is_told_in_words(now):
    for axis, at in (("factor", "each cost × 0.75"), ("added", "added to each cost"), ("cost", "cost €")):
        for view in ("list", "best", "share"):
            tree = sensitivity._map(now, view, axis)
            assert at in found(tree, ids.SENSITIVITY_CHART).figure.data[0].customdata[2][3][2]
            assert words(found(tree, ids.finding(ids.SENSITIVITY_CHART)))
            assert ("predict" in words(found(tree, ids.summary(ids.SENSITIVITY_CHART)))) == (
                axis != "cost" and view != "share"
            )


def csv_of(workspace: Workspace, chart: str, query: dict[str, str]) -> httpx.Response:
    """What the route of a chart answers."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_api(workspace), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.get(f"/api/{chart}.csv", params=query)

    return asyncio.run(ask())


def test_the_csv_is_of_the_chart(workspace, own, campaign, now, costs):
    for axis in ("factor", "added"):
        answer = csv_of(workspace, f"sensitivity_{axis}", own)
        link = [part.href for part in parts(sensitivity._map(now, "list", axis)) if hasattr(part, "download")]
        assert link[0].startswith(f"/api/sensitivity_{axis}.csv?")
        table = pd.read_csv(io.BytesIO(answer.content))
        assert list(table)[:2] == ["margin", f"cost_{axis}"]
        np.testing.assert_allclose(table["profit"], costs.grid(now.scenario, axis).profit.ravel(), atol=1e-6)
    none = csv_of(workspace, "sensitivity_factor", campaign)
    assert none.status_code == 404 and "no costs of their own" in none.text


def test_the_map_of_plans_multiplies_every_cost(now, people):
    """Oracle: without other conditions a cell's best plan is who pays there."""
    grid = plan_map(now.scored, now.scenario, now.conditions)
    assert grid.costs.tolist() == list(COSTS)
    for m, margin in enumerate(grid.margins):
        for f, factor in enumerate(COSTS):
            each = margin * people["uplift"] - factor * people["cost"]
            assert grid.profit[m, f] == pytest.approx(each[each > 0].sum(), rel=1e-3)
    chart = drawn_map(now, plan_map(now.scored, now.scenario, now.conditions))  # as it is kept
    assert "With every cost × 0 to × 2" in words(chart)
    assert "the costs stay what they are" in words(chart)
