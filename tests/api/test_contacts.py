"""The contact list over HTTP: block by block, and whole in three formats; the same list each time."""

from __future__ import annotations

import io
import json

import httpx
import openpyxl
import pandas as pd
import pytest
from real_server import Server, problem_of

CONDITIONS = {"budget": "20", "holdout": "0.1"}


@pytest.fixture(scope="module")
def query(server: Server) -> dict[str, str]:
    """Of the campaign, uploaded; 700 contacts."""
    sent = httpx.post(f"{server.url}/api/uploads", files={"file": server.audience.open("rb")}, timeout=60)
    return {"data": sent.json()["id"], "model": "small", "topn": "700"}


def block(client: httpx.Client, query: dict[str, str], **request: object) -> dict[str, object]:
    answer = client.post("/api/contacts/rows", json={"query": query, "request": request})
    assert answer.status_code == 200, answer.text
    return answer.json()


def csv_of(client: httpx.Client, query: dict[str, str]) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(client.get("/api/contacts.csv", params=query).content), dtype=str)


@pytest.mark.parametrize("conditions", [{}, CONDITIONS])
def test_the_pages_blocks_joined_are_the_csv(client, query, conditions):
    query = query | conditions
    expected = csv_of(client, query)
    told = [block(client, query, startRow=at, endRow=at + 100) for at in range(0, 800, 100)]
    assert {one["count"] for one in told} == {len(expected)}
    rows = [row for one in told for row in one["rows"]]
    assert [row["row_id"] for row in rows] == list(expected["row_id"])
    assert [row["rank"] for row in rows] == list(range(1, len(expected) + 1))
    profit = [row["exp_profit_per_contact"] for row in rows]
    assert profit == list(expected["exp_profit_per_contact"].astype(float))
    assert all(row["reason" if conditions else "why"] for row in rows)
    assert set(expected.columns) <= set(rows[0])


def test_filters_and_sorts_are_the_servers_and_stay_out_of_the_address(client, query):
    expected = csv_of(client, query).astype({"history": float})
    kept = expected[expected["zip_code"].str.lower().str.contains("urb")].sort_values(
        "history", ascending=False, kind="stable"
    )
    told = block(
        client,
        query,
        endRow=50,
        sortModel=[{"colId": "history", "sort": "desc"}],
        filterModel={"zip_code": {"filterType": "text", "type": "contains", "filter": "URB"}},
    )
    assert [row["row_id"] for row in told["rows"]] == list(kept["row_id"][:50])
    assert told["count"] == len(kept)
    assert told["said"] == f"{len(kept)} of 700 pass the filters."


@pytest.mark.parametrize("conditions", [{}, CONDITIONS])
def test_the_list_is_the_same_as_workbook_and_as_parquet(client, query, conditions):
    query = query | conditions
    expected = csv_of(client, query)
    parquet = client.get("/api/contacts.parquet", params=query)
    assert "contacts.parquet" in parquet.headers["content-disposition"]
    read = pd.read_parquet(io.BytesIO(parquet.content))
    assert list(read.columns) == list(expected.columns)
    assert list(read["row_id"]) == list(expected["row_id"])
    book = client.get("/api/contacts.xlsx", params=query)
    assert book.headers["content-type"].startswith("application/vnd.openxmlformats")
    lines = list(openpyxl.load_workbook(io.BytesIO(book.content), read_only=True).active.values)
    assert list(lines[0]) == list(expected.columns)
    at = lines[0].index("row_id")
    assert [line[at] for line in lines[1:]] == list(expected["row_id"])


def test_a_plans_list_is_the_plan_of_the_command_line(server: Server, client, query, tmp_path):
    scores, out, limits = tmp_path / "scores.csv", tmp_path / "plan.csv", tmp_path / "limits.json"
    argv = ("--in", str(server.audience), "--models", str(server.model), "--all", "--out", str(scores))
    assert server.cli("score", *argv).returncode == 0
    limits.write_text(
        json.dumps({name: json.loads(text) for name, text in CONDITIONS.items()} | {"topn": 700})
    )
    economics = ("--margin", "0.3", "--cost", "0.05", "--constraints", str(limits))
    solved = server.cli("plan", "--in", str(scores), "--out", str(out), *economics)
    assert solved.returncode == 0, solved.stderr
    same = client.get("/api/contacts.csv", params=query | CONDITIONS).content == out.read_bytes()
    assert same


@pytest.mark.parametrize(
    "request_",
    [
        {"sortModel": [{"colId": "nosuch", "sort": "asc"}]},
        {"filterModel": {"row_id": {"type": "greaterThan", "filter": 3}}},
        {"filterModel": {"rank": {"type": "equals", "filter": "x"}}},
        {"startRow": "x"},
    ],
)
def test_a_question_that_cannot_be_answered_is_a_problem(client, query, request_):
    problem_of(client.post("/api/contacts/rows", json={"query": query, "request": request_}), 422)


def test_conditions_that_cannot_be_used_or_met_are_a_problem(client, query):
    problem_of(client.get("/api/contacts.csv", params=query | {"budget": "lots"}), 422)
    impossible = query | {"quotas": json.dumps([{"min": 690, "column": "zip_code", "value": "Rural"}])}
    problem_of(client.get("/api/contacts.csv", params=impossible | {"budget": "1"}), 422)


def test_another_sites_page_cannot_read_the_list(client, query):
    asked = {"query": query, "request": {}}
    problem_of(
        client.post("/api/contacts/rows", json=asked, headers={"Origin": "https://elsewhere.example"}), 403
    )
