"""Every chart of every page can be saved as PNG, gives its data as CSV, and is told in words."""

from __future__ import annotations

import asyncio
import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from dash import dcc, html
from dash.development.base_component import Component

from components import chart as frame
from components import ids
from core.alternatives import Alternative, opponent
from core.clv.results import Result
from core.plan_map import plan_map
from core.turns import take_turn
from core.workspace import Workspace
from pages import PAGES, compare, policy
from pages.plan_map import drawn_map
from pages.situation import situation
from webapp.api import create_api

ROOT = Path(__file__).resolve().parents[2]
CHARTS = {
    "/uplift": 3,
    "/profit": 1,
    "/sensitivity": 1,
    "/policy": 1,
    "/compare": 1,
    "/clv": 5,
    "/design": 1,
}
"""How many charts a page shows at least, so that a page that shows none does not pass for one with all."""


def parts(component: Any) -> Iterator[Any]:
    """The component and all below it, in the order of the page."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one)
    elif component is not None:
        yield component
        if isinstance(component, Component):
            yield from parts(getattr(component, "children", None))


def words(component: Any) -> str:
    return " ".join(part for part in parts(component) if isinstance(part, str))


@pytest.fixture(scope="module")
def trees(workspace: Workspace, campaign: dict[str, str], clv_found: Result) -> dict[str, list[Any]]:
    """Every page's components, with a campaign, conditions and customer values where it takes them."""
    query = campaign | {"budget": "100"}
    found = {}
    for page in PAGES:
        path = page.STEP.path if hasattr(page, "STEP") else "/nowhere"
        asked = {"result": clv_found.id} if path == "/clv" else {} if path == "/design" else query
        found[path] = list(parts(page.layout(workspace, **asked)))
    # The pages of plans stand before their charts are worked out.
    now = situation(workspace, campaign)  # the browser adds the conditions to the links of charts
    found["/policy"] += parts(drawn_map(now, plan_map(now.scored, now.scenario, now.conditions)))
    first = Alternative.from_query(query)[0]
    found["/compare"] += parts(compare.worked_out(now, first, opponent(first, now.decision.customers)))
    return found


def charts(tree: list[Any]) -> list[Any]:
    return [part for part in tree if isinstance(part, html.Figure)]


def test_every_graph_stands_in_a_frame_with_png_csv_and_words(trees):
    for path, tree in trees.items():
        graphs = [part for part in tree if isinstance(part, dcc.Graph)]
        assert len(graphs) >= CHARTS.get(path, 0), path
        framed = charts(tree)
        assert len(framed) == len(graphs), path
        for chart, graph in zip(framed, graphs, strict=True):
            inside = list(parts(chart))
            assert graph in inside
            assert ids.png(graph.id) in [getattr(part, "id", None) for part in inside], graph.id
            links = [part for part in inside if isinstance(part, html.A) and ".csv?" in part.href + "?"]
            assert links and links[0].download == "", graph.id
            said = words([part for part in inside if isinstance(part, html.Figcaption)])
            assert re.search(r"\d", said) and len(said.split()) > 8, graph.id
            assert words([part for part in inside if isinstance(part, html.H2)]), graph.id


def test_every_charts_csv_is_a_table_of_numbers(trees, workspace):
    addresses = sorted(
        {
            part.href
            for tree in trees.values()
            for chart in charts(tree)
            for part in parts(chart)
            if isinstance(part, html.A) and ".csv" in part.href
        }
    )
    assert len(addresses) >= 10

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=create_api(workspace), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return [await client.get(address) for address in addresses]

    for address, answer in zip(addresses, asyncio.run(ask()), strict=True):
        assert answer.status_code == 200, f"{address}: {answer.text}"
        table = pd.read_csv(io.BytesIO(answer.content))
        assert len(table) > 1 and table.select_dtypes("number").shape[1] > 0, address


def test_a_chart_cannot_be_made_without_its_data_or_its_words():
    """Charts that a page draws later are no part of its first tree; they are made by the same function."""
    taken = inspect.signature(frame.chart).parameters
    for name in ("finding", "summary", "csv"):
        assert taken[name].default is inspect.Parameter.empty, name
    makers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("components", "pages", "webapp")
        for path in (ROOT / folder).glob("*.py")
        if "Graph(" in path.read_text(encoding="utf-8")
    ]
    assert makers == ["components/chart.py"]


def test_a_fault_while_the_plan_is_sought_is_told_in_its_place(
    workspace: Workspace, campaign: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the page would go on saying that it is finding the best plan."""
    monkeypatch.setattr(policy, "stored_plan", lambda *_: 1 / 0)
    decision, *_, stand = policy._answer(situation(workspace, campaign), take_turn(workspace.settings, {}))
    assert "reference id" in words(decision) and "division" not in words(decision) and stand is None
