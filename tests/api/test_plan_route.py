"""POST /plan: the same plan as the command line and the page, and a clear answer to bad conditions."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from real_server import Server, problem_of

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


def test_the_plan_is_the_same_bytes_from_cli_http_and_page(server: Server, client, scored, tmp_path):
    (tmp_path / "scored.csv").write_bytes(scored)
    (tmp_path / "c.json").write_text(json.dumps(CONDITIONS))
    argv = ("--in", str(tmp_path / "scored.csv"), "--out", str(tmp_path / "plan.csv"), "--margin", "0.3",
            "--cost", "0.05", "--constraints", str(tmp_path / "c.json"))  # fmt: skip
    done = server.cli("plan", *argv)
    assert done.returncode == 0, done.stderr
    wanted = (tmp_path / "plan.csv").read_bytes()
    answer = ask(client, scored, "text/csv", margin="0.3", cost="0.05", constraints=json.dumps(CONDITIONS))
    assert answer.status_code == 200, answer.text
    assert answer.content == wanted
    sent = client.post("/api/uploads", files={"file": ("campaign.csv", server.audience.read_bytes())})
    query = {"data": sent.json()["id"], "model": "small", "margin": "0.3", "cost": "0.05", "budget": "40",
             "holdout": "0.1", "quotas": json.dumps(CONDITIONS["quotas"])}  # fmt: skip
    page = client.get(f"/api/plan.csv?{urlencode(query)}")
    assert page.status_code == 200, page.text
    assert page.content == wanted


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
