"""POST /score: the same list as the command line, and a clear answer to every bad input."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from real_server import LIMIT_MB, Server, emptied, problem_of


def score(
    client: httpx.Client, content: bytes | Path, name: str = "audience.csv", **fields: Any
) -> httpx.Response:
    accept = fields.pop("accept", "application/json")
    table = content.read_bytes() if isinstance(content, Path) else content
    asked = {"model": "small"} | fields  # by name: other tests train models of their own here
    return client.post("/score", files={"file": (name, table)}, data=asked, headers={"Accept": accept})


@pytest.mark.parametrize("settings", [{}, {"policy": "pos", "margin": 0.5, "cost": 0.2}])
def test_the_contact_list_is_the_same_bytes_from_cli_and_http(server: Server, client, tmp_path, settings):
    out = tmp_path / "scored.csv"
    options = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
    argv = ("--in", str(server.audience), "--out", str(out), "--models", str(server.model), *options)
    done = server.cli("score", *argv)
    assert done.returncode == 0, done.stderr
    answer = score(client, server.audience, accept="text/csv", **settings)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    same = (
        answer.content == out.read_bytes()
    )  # not in the assertion: the difference of long lists takes minutes
    assert same


def test_the_summary_adds_up_to_the_list(server: Server, client):
    """Oracle: sums over the CSV that the same call gives."""
    fields = {"margin": "0.30", "cost": "0.05", "topn": "1000"}
    body = score(client, server.audience, **fields).json()
    listed = pd.read_csv(io.BytesIO(score(client, server.audience, accept="text/csv", **fields).content))
    told = body["summary"]
    assert told["contacts"] == len(listed) == 1000
    assert told["customers"] == 6000
    assert told["expected_cost"] == pytest.approx(50.0)
    assert told["expected_revenue"] == pytest.approx(listed["exp_incremental_revenue"].sum())
    assert told["expected_profit"] == pytest.approx(listed["exp_profit_per_contact"].sum())
    assert told["measured_profit"]["lo"] <= told["measured_profit"]["value"] <= told["measured_profit"]["hi"]
    assert told["model"] == "small"
    assert [row["row_id"] for row in body["top"]] == listed["row_id"].astype(str).head(100).tolist()
    assert body["top"][0]["uplift_hat"] == listed["uplift_hat"][0]


def test_every_format_gives_the_same_list(server: Server, client, tmp_path):
    frame = pd.read_csv(server.audience, dtype=str)
    frame.head(900).to_excel(tmp_path / "a.xlsx", index=False)
    frame.head(900).to_parquet(tmp_path / "a.parquet")
    frame.head(900).to_csv(tmp_path / "a.csv", index=False)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    answers = {
        path.name: score(client, path, path.name, accept="text/csv").content for path in tmp_path.glob("a.*")
    }
    assert len(answers) == 4
    assert len(set(answers.values())) == 1


def test_own_costs_are_said_not_to_be_heeded(server: Server, client):
    frame = pd.read_csv(server.audience, dtype=str).head(50)
    costly = score(client, frame.assign(cost="3.5").to_csv(index=False).encode(), cost="0.2").json()
    plain = score(client, frame.to_csv(index=False).encode(), cost="0.2").json()
    (note,) = (n for n in costly["summary"]["notes"] if n not in plain["summary"]["notes"])
    assert note.startswith("'cost' is not heeded") and "€0.20 a contact for everyone" in note
    assert costly["summary"]["expected_cost"] == plain["summary"]["expected_cost"]


def test_decimal_commas_become_points_the_same_from_cli_and_http(server: Server, client, tmp_path):
    """A German office's file and its twin with points: the same bytes at both doors."""
    frame = pd.read_csv(server.audience, dtype=str).head(300)
    frame["history"] = frame["history"].astype("float64").map("{:.2f}".format)
    frame.insert(0, "Kunde", [f"{i:04d}" for i in range(300)])
    twin, path, out = tmp_path / "twin.csv", tmp_path / "audience.csv", tmp_path / "scored.csv"
    frame.to_csv(twin, index=False)
    frame["history"] = frame["history"].str.replace(".", ",")
    frame.to_csv(path, sep=";", index=False)
    options = ("--models", str(server.model), "--id_col", "Kunde", "--topn", "200")
    assert server.cli("score", "--in", str(path), "--out", str(out), *options).returncode == 0
    answers = [
        score(client, one, accept="text/csv", id_col="Kunde", topn=200).content for one in (path, twin)
    ]
    assert answers[0] == out.read_bytes() and answers[0] == answers[1]


def test_ids_stay_text(server: Server, client):
    frame = pd.read_csv(server.audience, dtype=str).head(50)
    frame.insert(0, "customer", [f"{i:07d}" for i in range(50)])
    body = score(client, frame.to_csv(index=False).encode(), id_col="customer", topn=50).json()
    assert {row["row_id"] for row in body["top"]} == set(frame["customer"])


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<a/>")
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", b"recency,history\r\n"),
        ("table.pdf", b"%PDF-1.7 rubbish"),
        ("pdf.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 rubbish"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("broken.xlsx", b"PK\x03\x04 and no more"),
        ("bomb.xlsx", None),
        ("broken.parquet", b"PAR1 rubbish PAR1"),
        ("broken.csv.gz", b"\x1f\x8b rubbish"),
        ("wrong.csv", b"recency|history|mens\r\n1|2|3\r\n"),
        ("twice.csv", b"recency,recency\r\n1,2\r\n"),
        ("blank.csv", b"recency,,history\r\n1,2,3\r\n"),
        ("missing.csv", b"recency,history\r\n1,2\r\n"),
        ("noending", b"recency,history\r\n1,2\r\n"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_problem_not_a_fault(client, name, content):
    problem_of(score(client, bomb() if content is None else content, name))


def test_a_missing_column_is_named(server: Server, client):
    frame = pd.read_csv(server.audience, dtype=str).head(20)
    body = problem_of(
        score(client, frame.drop(columns=["history", "channel"]).to_csv(index=False).encode()), 422
    )
    assert "history" in str(body)
    assert "channel" in str(body)


def test_text_in_a_number_column_is_told_with_its_row(server: Server, client):
    frame = pd.read_csv(server.audience, dtype=str).head(20)
    frame.loc[6, "history"] = "much"
    body = problem_of(score(client, frame.to_csv(index=False).encode()), 422)
    told = next(p for p in body["problems"] if p.get("column") == "history")
    assert (told["row"], told["value"]) == (8, "much")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("margin", "-0.1"), ("margin", "30"), ("margin", "nan"), ("margin", "inf"), ("margin", "a lot"),
        ("cost", "-1"), ("cost", "nan"), ("cost", "1e300"), ("topn", "-5"), ("topn", "2.5"), ("topn", "inf"),
        ("policy", "best"), ("value", "NaN"), ("model", "../../etc"), ("model", "x" * 100),
    ],
)  # fmt: skip
def test_a_setting_out_of_bounds_is_named(server: Server, client, field, value):
    assert field in problem_of(score(client, server.audience, **{field: value}), 422)["detail"]


@pytest.mark.parametrize(("field", "near"), [("topN", "topn"), ("margins", "margin"), ("id-col", "id_col")])
def test_a_form_field_that_means_nothing_is_refused_with_the_nearest(server: Server, client, field, near):
    """A misspelt `topn` would otherwise be no limit at all."""
    detail = problem_of(score(client, server.audience, **{field: "5"}), 422)["detail"]
    assert f"no form field '{field}'. Is it '{near}'?" in detail


def test_an_unknown_model_is_not_found(server: Server, client):
    problem_of(score(client, server.audience, model="nosuchmodel"), 404)


def test_a_tampered_model_is_refused(server: Server, client):
    import shutil

    copy = server.artifacts / "models" / "tampered"
    shutil.copytree(server.model, copy)
    try:
        victim = next(copy.glob("*.joblib"))
        victim.write_bytes(victim.read_bytes() + b"\0")
        problem_of(score(client, server.audience, model="tampered"), 409)
    finally:
        shutil.rmtree(copy)


def test_a_file_over_the_limit_is_refused_with_the_limit_named(client):
    rows = b"1,2,3\r\n" * 1_000_000
    body = problem_of(score(client, b"a,b,c\r\n" + rows), 413)
    assert f"{LIMIT_MB} MB" in body["detail"]


def test_no_customer_data_is_logged_and_nothing_is_left_behind(server: Server, client):
    secret = "Zaphod-Beeblebrox-0042"
    frame = pd.read_csv(server.audience, dtype=str).head(20)
    frame["history"] = secret
    problem_of(score(client, frame.to_csv(index=False).encode(), f"{secret}.csv", id_col=secret))
    assert secret not in server.log.read_text()
    assert emptied(server.artifacts / "uploads")
