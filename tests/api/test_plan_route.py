"""POST /plan: the same plan as the command line and the page, and a clear answer to bad conditions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlencode

import httpx
import pandas as pd
import pytest
from real_server import Server, problem_of

from core.policy.constraints import Constraints

CONDITIONS = {"budget": 40, "holdout": 0.1, "quotas": [{"column": "channel", "value": "Web", "min": 300}]}


@pytest.fixture(scope="module")
def scored(server: Server, tmp_path_factory) -> bytes:
    out = tmp_path_factory.mktemp("plan") / "scored.csv"
    argv = ("--in", str(server.audience), "--out", str(out), "--models", str(server.model), "--all")
    done = server.cli("score", *argv)
    assert done.returncode == 0, done.stderr
    return out.read_bytes()


def ask(client, content: bytes, accept: str = "application/json", **fields):
    files = {"file": ("scored.csv", content)}
    return client.post("/plan", files=files, data=fields, headers={"Accept": accept})


BOTH = {
    "budget": 160,
    "capacity": {"Mens E-Mail": 1500},
    "quotas": [
        {"column": "channel", "value": "Web", "action": "Womens E-Mail", "min": 700},
        {"column": "zip_code", "value": "Rural", "max": 300},
    ],
    "max_per_customer": 2,
    "holdout": 0.1,
}
"""Both arms, one or two contacts a customer, budget, capacity, quotas and a hold-out."""


@pytest.fixture(scope="module")
def both_arms(server: Server, client_of_module, tmp_path_factory) -> tuple[dict[str, str], bytes]:
    """The query of a model of both e-mails with BOTH, and its scored customers by the command line."""
    out = tmp_path_factory.mktemp("both") / "scored.csv"
    model = server.model.with_name("both")
    roles = ("--outcome", "spend", "--treatment", "segment", "--control", "No E-Mail", "--learner", "t-rf")
    arms = ("--arms", "Mens E-Mail,Womens E-Mail", "--out", str(model))
    for argv in (
        ("train", "--in", str(server.audience), *roles, *arms),
        ("score", "--in", str(server.audience), "--models", str(model), "--all", "--out", str(out)),
    ):
        done = server.cli(*argv)
        assert done.returncode == 0, done.stderr
    sent = client_of_module.post("/api/uploads", files={"file": ("c.csv", server.audience.read_bytes())})
    query = {"data": sent.json()["id"], "model": "both", "margin": "0.3", "cost": "0.05"}
    return query | Constraints.from_dict(BOTH).to_query(), out.read_bytes()


@pytest.fixture(scope="module")
def client_of_module(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as made:
        yield made


def test_the_plan_is_the_same_bytes_from_the_page_from_http_and_from_the_command_line(
    server: Server, client, both_arms, tmp_path
):
    """The command line reads the page's own constraints.json."""
    query, scored = both_arms
    page = client.get(f"/api/plan.csv?{urlencode(query)}")
    assert page.status_code == 200, page.text
    conditions = client.get(f"/api/constraints.json?{urlencode(query)}").text
    assert json.loads(conditions) == BOTH
    sent = ask(client, scored, "text/csv", margin="0.3", cost="0.05", constraints=conditions)
    same = sent.content == page.content
    assert same, sent.text[:500]
    (tmp_path / "scored.csv").write_bytes(scored)
    (tmp_path / "constraints.json").write_text(conditions)
    done = server.cli("plan", "--in", str(tmp_path / "scored.csv"), "--margin", "0.3", "--cost", "0.05",
                      "--constraints", str(tmp_path / "constraints.json"),
                      "--out", str(tmp_path / "plan.csv"),
                      "--report", str(tmp_path / "plan.json"))  # fmt: skip
    assert done.returncode == 0, done.stderr
    same = (tmp_path / "plan.csv").read_bytes() == page.content
    assert same
    written = json.loads((tmp_path / "plan.json").read_text())
    answer = ask(client, scored, margin="0.3", cost="0.05", constraints=conditions, compare="1").json()
    assert answer["report"] == written
    rules = {rule["key"]: rule for rule in written["rules"]}
    assert set(rules) == {"holdout", "max_per_customer"} and rules["holdout"]["gain"] > 0
    assert rules["holdout"]["words"] in " ".join(answer["summary"])


def test_the_pages_plan_keeps_every_condition(server: Server, client, both_arms):
    """Recounted from the file as a spreadsheet would."""
    plan = pd.read_csv(BytesIO(client.get(f"/api/plan.csv?{urlencode(both_arms[0])}").content))
    people = pd.read_csv(server.audience)
    assert plan["contact_cost"].sum() <= BOTH["budget"]
    assert set(plan["action"]) == {"Mens E-Mail", "Womens E-Mail"}
    assert (plan["action"] == "Mens E-Mail").sum() <= 1500
    assert plan.groupby("row_id").size().max() == 2
    held = len(people) - round(0.1 * len(people))
    assert plan["row_id"].nunique() <= held
    who = people.iloc[plan["row_id"].to_numpy()]
    women = (plan["action"] == "Womens E-Mail").to_numpy()
    assert (who["channel"].eq("Web").to_numpy() & women).sum() >= 700
    assert who["zip_code"].eq("Rural").sum() <= 300


def test_the_plan_comes_as_workbook_and_parquet_too(client, both_arms, server: Server):
    link = urlencode(both_arms[0])
    wanted = pd.read_csv(BytesIO(client.get(f"/api/plan.csv?{link}").content), dtype={"row_id": str})
    parquet = pd.read_parquet(BytesIO(client.get(f"/api/plan.parquet?{link}").content))
    book = pd.read_excel(BytesIO(client.get(f"/api/plan.xlsx?{link}").content), dtype={"row_id": str})
    for other in (parquet, book):
        assert other["row_id"].tolist() == wanted["row_id"].tolist()
        assert other["exp_profit_per_contact"].tolist() == pytest.approx(
            wanted["exp_profit_per_contact"].tolist()
        )


def test_the_frontier_passes_through_the_plan(client, both_arms):
    """At the page's own budget the curve is the plan's profit but for rounding to whole contacts."""
    link = urlencode(both_arms[0])
    plan = pd.read_csv(BytesIO(client.get(f"/api/plan.csv?{link}").content))
    curve = pd.read_csv(BytesIO(client.get(f"/api/frontier.csv?{link}").content))
    here = curve.loc[(curve["budget"] - BOTH["budget"]).abs().idxmin()]
    assert here["budget"] == BOTH["budget"]
    assert plan["exp_profit_per_contact"].sum() == pytest.approx(here["predicted_profit"], rel=1e-3)
    assert curve["predicted_profit"].is_monotonic_increasing


def test_the_map_holds_the_pages_plan_in_its_own_cell_and_is_kept(client, both_arms, server: Server):
    """Warm starts change nothing: the cell at the page's margin and cost is the page's plan."""
    link = urlencode(both_arms[0])
    early = problem_of(client.get(f"/api/plan_sensitivity.csv?{link}"), 404)
    assert "not worked out yet" in early["detail"]
    argv = ("--data", both_arms[0]["data"], "--model", "both", "--margin", "0.3", "--cost", "0.05")
    done = server.cli("plan-map", *argv, "--constraints", json.dumps(BOTH), "--progress", "json")
    assert done.returncode == 0, done.stderr
    steps = [json.loads(line)["step"] for line in done.stdout.splitlines() if line.startswith("{")]
    assert "Reading the customers" in steps and "Finding plan 49 of 49" in steps
    plan = pd.read_csv(BytesIO(client.get(f"/api/plan.csv?{link}").content))
    answer = client.get(f"/api/plan_sensitivity.csv?{link}").content
    grid = pd.read_csv(BytesIO(answer))
    assert len(grid) == 49
    own = grid[(grid["margin"] == 0.3) & (grid["cost"] == 0.05)].iloc[0]
    assert own["profit"] == pytest.approx(plan["exp_profit_per_contact"].sum(), rel=1e-3)
    by_margin = grid.pivot(index="margin", columns="cost", values="profit")
    assert (by_margin.diff().iloc[1:].min().min()) > 0  # more margin, more profit, at every cost
    assert len(list((server.artifacts / "maps").glob("*.npz"))) == 1
    same = client.get(f"/api/plan_sensitivity.csv?{link}").content == answer
    assert same


def test_the_report_stands_beside_the_best_contacts(client, scored):
    body = ask(client, scored, constraints=json.dumps(CONDITIONS)).json()
    report = body["report"]
    assert report["optimum"]["gap_money"] < 0.5
    assert {limit["key"] for limit in report["limits"]} == {"budget", "quotas[0].min"}
    assert body["summary"][0].startswith("Contact")
    assert len(body["top"]) == min(100, report["contacts"])
    assert report["frontier"] is None
    compared = ask(client, scored, constraints='{"budget": 40}', compare="1").json()["report"]
    assert compared["frontier"]["profit"][-1] >= compared["frontier"]["profit"][0]


@pytest.mark.parametrize(
    ("constraints", "said"),
    [
        ('{"budgte": 5}', "Did you mean 'budget'?"),
        ("{", "not valid JSON"),
        ('{"capacity": {"mail": 5}}', "no action 'mail'"),
        ('{"budget": 0, "quotas": [{"min": 3}]}', "contradict each other: a budget of €0"),
    ],
)
def test_bad_conditions_are_named(client, scored, constraints, said):
    answer = ask(client, scored, constraints=constraints)
    assert answer.status_code == 422
    assert said in problem_of(answer)["detail"]


def test_a_field_that_means_nothing_is_refused_with_the_nearest(client, scored):
    assert "Is it 'constraints'?" in problem_of(ask(client, scored, constraint="{}"), 422)["detail"]


def test_the_schema_of_conditions_is_served(client):
    assert client.get("/api/constraints.schema.json").json()["properties"]["budget"]["type"] == "number"
