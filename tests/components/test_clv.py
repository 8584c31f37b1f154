"""The parts of the CLV page, made from a real analysis; no browser."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from dash.development.base_component import Component

from components import ids
from components.clv_alive_map import alive_figure, alive_finding
from components.clv_form import NONE, clv_form
from components.clv_frequency import frequency_figure, frequency_finding
from components.clv_lifetimes import lifetimes_panel
from components.clv_tables import check_table, ledger_table, model_card, top_customers
from components.clv_tiers import tiers_table
from components.clv_tracking import (
    tracking_figure,
    tracking_finding,
    tracking_summary,
    weekly_figure,
    weekly_finding,
    weekly_summary,
)
from components.clv_values import values_finding
from core.clv import words
from core.clv.alive_map import alive_map
from core.clv.analysis import ClvSettings, analyse
from core.clv.chart_tables import shares
from core.clv.command import run_clv
from core.clv.recheck import run_recheck
from core.clv.result_words import NO_ID_COLUMN, NO_OWN_IDS, assumption, told_plainly, verdict
from core.clv.results import CHECK, CUSTOMERS, REPORT, Result, load
from core.clv.tiers import tiers_by_uplift
from core.clv.transaction_roles import propose
from core.data import cdnow
from core.data.store import DataStore
from core.errors import NotFoundError
from core.settings import Settings
from core.workspace import Workspace
from pages import clv as page
from pages.clv_jobs import beside, check_work, clv_request, clv_work
from tests.components.conftest import ID
from webapp.api import create_api


@pytest.fixture
def settings(clv_found: Result) -> Settings:
    return Settings(artifacts=clv_found.folder.parents[1])


@pytest.fixture
def found(clv_found: Result) -> Result:
    return clv_found


def _text(component: Any) -> str:
    if component is None:
        return ""
    if isinstance(component, list | tuple):
        return " ".join(_text(part) for part in component)
    if isinstance(component, Component):
        return _text(getattr(component, "children", None))
    return str(component)


def test_the_page_shows_everything_and_never_nan(found: Result, settings: Settings) -> None:
    shown = page.layout(Workspace(settings), result=found.id)
    text = _text(shown)
    for part in (
        "repeat orders worth",
        "Keep in mind",
        "Check with lifetimes",
        "lines are orders",
        "best tenth",
    ):
        assert part in text, part
    assert "nan" not in text.lower().replace("finance", "")
    json.dumps(shown.to_plotly_json(), default=lambda c: getattr(c, "to_plotly_json", lambda: str(c))())


def test_the_page_of_undetermined_values_shows_no_figure(tmp_path: Path) -> None:
    """Two customers of five came back: there is nothing to forecast from."""
    days = {"001": ("2023-01-01", "2023-02-01"), "002": ("2023-01-05", "2023-02-05"), "003": ("2023-03-01",)}
    lines = [f"{who},{day},9" for who, dates in days.items() for day in dates]
    source, folder = tmp_path / "orders.csv", tmp_path / "clv" / ID
    source.write_text("\n".join(["customer_id,order_date,amount", *lines]))
    run_clv(source, folder / CUSTOMERS, ClvSettings(), report=folder / REPORT)
    text = _text(page.layout(Workspace(Settings(artifacts=tmp_path)), result=ID))
    assert "These data cannot tell" in text and "nan" not in text.lower()
    for absent in ("Expect ", "90 % interval", "most valuable customers", "Use these values", "best"):
        assert absent not in text, absent


def test_a_campaign_without_ids_is_told_what_it_needs_and_nothing_is_found_of_others(
    workspace: Workspace, found: Result, campaign: dict[str, str]
) -> None:
    """Its rows are numbered, and CDNOW's customers too: no customer is the same."""
    shown = page.layout(workspace, result=found.id, **campaign)
    text = _text(shown)
    assert NO_OWN_IDS in text and "best tenth of both value and uplift" not in text
    assert NO_ID_COLUMN in text and _found(shown, ids.CLV_ID).value is None


def _found(tree: Any, identifier: str) -> Any:
    return next(part for _, part in tree._traverse_with_paths() if getattr(part, "id", None) == identifier)


def test_the_check_says_by_which_measure_a_model_is_ahead(found: Result) -> None:
    """Oracle: the least RMSE and MAE of the table's own lines, the simple rules among them."""
    validation = found.report["validation"]
    scores = {score["model"]: score for score in validation["scores"]}
    best = validation["by_holdout"]
    assert scores[best]["rmse"] == min(scores[model]["rmse"] for model in words.MODELS if model in scores)
    least = min(scores.values(), key=lambda score: score["mae"])["model"]
    text = _text(check_table(validation))
    assert f"{words.TITLES[best]} has the smallest RMSE" in text or "and has the smallest RMSE" in text
    assert (f"By MAE “{words.TITLES[least]}” is closer" in text) == (least != best)
    lines = [{"model": "bg-nbd", "rmse": 1.0, "mae": 0.6}, {"model": "zero", "rmse": 1.2, "mae": 0.5}]
    assert words.otherwise("bg-nbd", lines).startswith("By MAE “Nobody orders again” is closer. It is hard")
    assert words.otherwise("zero", lines[1:]) == ""


def test_the_empty_page_offers_examples_and_an_upload(settings: Settings) -> None:
    text = _text(page.layout(Workspace(settings)))
    assert "Try CDNOW" in text and "Try Online Retail II" in text and "Choose a file" in text


def test_an_unknown_result_is_a_friendly_page(settings: Settings) -> None:
    assert "not here" in _text(page.layout(Workspace(settings), result="f" * 32))
    with pytest.raises(NotFoundError):
        load(settings, "../../etc")


def test_uploaded_orders_get_a_form_with_their_columns(settings: Settings) -> None:
    data = DataStore(settings).add(cdnow.transactions(), "cdnow.csv")
    text = _text(page.layout(Workspace(settings), orders=data.id))
    assert "What the columns are for" in text and "Compute the values" in text


def test_the_form_proposes_roles() -> None:
    form = clv_form(["customer_id", "date", "amount"], propose(["customer_id", "date", "amount"]))
    chosen = {}

    def walk(part: Any) -> None:
        if isinstance(part, list | tuple):
            for one in part:
                walk(one)
        elif isinstance(part, Component):
            identifier = getattr(part, "id", None)
            if isinstance(identifier, str) and identifier.startswith("clv-role-"):
                chosen[identifier.removeprefix("clv-role-")] = part.value
            walk(getattr(part, "children", None))

    walk(form)
    assert chosen["customer"] == "customer_id" and chosen["amount"] == "amount" and chosen["price"] == NONE


def test_what_is_asked_becomes_the_command_line(settings: Settings) -> None:
    data = DataStore(settings).add(cdnow.transactions(), "orders")
    wanted = {"model": "pareto-nbd", "horizon": 200, "discount": 5, "end": " 1998-01-31 "}
    wanted |= {"dates": "month", "cancellations": "net", "services": "drop"}
    asked = clv_request(f"?orders={data.id}", {"customer": "customer_id"}, wanted)
    argv = clv_work(Workspace(settings), asked).argv
    assert argv[0] == "clv" and "--verify" not in argv  # it is asked by its button
    for option, value in (("--model", "pareto-nbd"), ("--horizon", "200"), ("--discount", "0.05"),
                          ("--observation-end", "1998-01-31"), ("--customer", "customer_id"),
                          ("--cancellations", "net"), ("--services", "drop")):  # fmt: skip
        assert argv[argv.index(option) + 1] == value
    assert "--month-first" in argv


def test_titles_are_findings(found: Result) -> None:
    validation, model = found.report["validation"], found.fit.model
    assert "1.6 %" in tracking_finding(validation, model)
    assert "predicted" in frequency_finding(validation, model)
    assert "counted 4,339" in tracking_summary(validation, model)
    worth = found.customers()["clv"].to_numpy()
    assert (
        values_finding(worth, in_money=True) == "The best tenth of customers holds 63 % of the expected value"
    )


def test_figures_draw_what_the_report_says(found: Result) -> None:
    validation, model = found.report["validation"], found.fit.model
    drawn = tracking_figure(validation, model)
    assert drawn.data[0].y[-1] == 4339
    weekly = weekly_figure(validation, model)
    assert sum(weekly.data[0].y) == 4339
    assert "Furthest off in the week until 199" in weekly_finding(validation, model)
    assert "weeks" in weekly_summary(validation, model)
    groups = frequency_figure(validation, model)
    assert len(groups.data[0].y) == len(validation["by_frequency"])
    grid = alive_map(found.fit, 500, 20)
    assert alive_figure(grid).data[0].z.shape == grid.alive.shape
    assert "silence" in alive_finding(grid, 3)


def test_p_alive_falls_with_silence(found: Result) -> None:
    """By the models' construction."""
    grid = alive_map(found.fit, 500, 20)
    assert (np.diff(grid.alive, axis=0) <= 1e-12).all()
    assert grid.alive.max() <= 1 and grid.alive.min() >= 0


def test_shares_of_equal_values_are_equal() -> None:
    x, y = shares(np.ones(1000))
    assert y == pytest.approx(x)


def test_tables_hold_the_numbers(found: Result) -> None:
    report = found.report
    cleaning = _text(ledger_table(report["cleaning"], report["settings"]["observation_end"]))
    assert "6,919" in cleaning and "until 1998-06-30" in cleaning
    assert "ever order is worth €80,000 today" in verdict({**report, "residual_value": 80_000.0}).comparison
    card = _text(model_card(report["model"]))
    # r ÷ alpha = .2536 ÷ 38.13 a day; a ÷ (a + b) = .6074 ÷ 3.2546
    assert "BG/NBD" in card and "order 2.4 times a year" in card and "18.7 % of them leave" in card
    # p · v ÷ (q − 1) = 4.683 · 24.39 ÷ 3.190
    assert "An order is worth €35.81 on average" in _text(model_card(report["spend_model"]))
    assert "0.21 (ranks)" in assumption(report["spend_assumption"])
    assert "What came" in _text(check_table(report["validation"]))
    assert "20111" in _text(top_customers(found.customers()))


def test_a_model_is_told_in_plain_words() -> None:
    """Pareto/NBD on CDNOW, weeks: half have left where (beta ÷ (beta + t))^s = 1/2, at t = 24.94 weeks."""
    fit = {"model": "pareto-nbd", "unit": "week", "names": ["r", "alpha", "s", "beta"]}
    said = told_plainly({**fit, "values": [0.5533, 10.578, 0.6062, 11.669]})
    assert "order 2.7 times a year" in said and "half of them have left after 175 days" in said
    assert "hardly anyone leaves" in told_plainly({**fit, "values": [0.5, 10.0, 0.01, 10.0]})


def test_lifetimes_asked_later_stands_beside_ours(found: Result, settings: Settings) -> None:
    """Oracle: lifetimes asked while the values were computed; of the kept table it is asked the same."""
    lines = cdnow.transactions()
    lines["customer_id"] = lines["customer_id"].astype("str")
    at_once = analyse(lines, ClvSettings(), check=True).comparisons
    later = run_recheck(found.folder)
    for ours, theirs in zip(at_once, later, strict=True):
        assert theirs.ours == ours.ours and theirs.agrees()
        assert theirs.theirs == pytest.approx(ours.theirs, rel=1e-6)
        for name, sides in ours.predictions.items():
            assert theirs.predictions[name] == pytest.approx(sides, rel=1e-6)
    argv = check_work(Workspace(settings), {"data": found.id}).argv
    assert argv == ("check-values", "--in", str(found.folder))
    text = _text(page.layout(Workspace(settings), result=found.id))
    assert "lifetimes finds the same" in text and "Check with lifetimes" not in text
    (found.folder / CHECK).unlink()
    assert "orders expected of all" in _text(
        lifetimes_panel(json.loads(json.dumps([c.as_dict() for c in later])))
    )


def test_a_result_is_seen_beside_the_campaign_of_the_link() -> None:
    assert beside("/clv?result=x", "?data=abc&model=m").startswith("/clv?result=x&data=abc&model=m")
    assert beside("/clv?result=x", "") == "/clv?result=x"
    assert beside("/profit?data=z", "?data=abc") == "/profit?data=z"


def test_value_against_uplift_counts_everybody_once() -> None:
    """100 valued customers, 50 of them in the campaign; uplift falls as value falls."""
    values = pd.DataFrame(
        {"id": [str(i) for i in range(100)], "clv": np.arange(100.0), "expected_orders": 1.0,
         "value_tier": 10 - np.arange(100) // 10}
    )  # fmt: skip
    ids = pd.Series([str(i) for i in range(50, 150)], dtype="str")
    found = tiers_by_uplift(ids, np.arange(100.0), values)
    assert found is not None and found.in_money and int(found.customers.sum()) == 50
    assert found.best == 5 and found.by_chance == pytest.approx(10 * 5 / 50)
    assert found.worth.sum() == pytest.approx(np.arange(50.0, 100).sum())
    assert found.mean_worth[0] == pytest.approx(np.arange(90.0, 100).mean())
    shown = _text(tiers_table(found))
    assert "5 customers are in the best tenth of both value and uplift; by chance it would be 1.0" in shown
    assert "1 · €94.50" in shown and "6 · " not in shown  # the campaign has none of these
    assert tiers_by_uplift(pd.Series(["x"]), np.ones(1), values) is None
    orders = tiers_by_uplift(ids, np.arange(100.0), values.drop(columns="clv"))
    assert orders is not None and not orders.in_money


def test_downloads_need_a_known_result(found: Result) -> None:
    api = create_api(Workspace(Settings(artifacts=found.folder.parents[1])))

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=api, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return [
                await client.get(path)
                for path in (
                    f"/api/clv/{found.id}/customers.csv",
                    f"/api/clv/{found.id}/report.json",
                    f"/api/clv/{'e' * 32}/customers.csv",
                    "/api/orders-template.csv",
                )
            ]

    table, report, missing, template = asyncio.run(ask())
    assert table.status_code == 200 and table.text.startswith("customer_id,orders,")
    assert report.json()["customers"] == 2357
    assert missing.status_code == 404
    assert "customer_id" in template.text
