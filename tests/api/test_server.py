"""The one server: API and pages side by side, its own documentation, uploads, downloads and jobs."""

from __future__ import annotations

import io
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pandas as pd
import pytest
from real_server import Server, emptied, problem_of

from core import jobs
from core.settings import Settings
from webapp.server import _without_ids


@pytest.fixture(scope="module")
def data_id(server: Server) -> str:
    """The campaign, uploaded."""
    answer = httpx.post(f"{server.url}/api/uploads", files={"file": server.audience.open("rb")}, timeout=60)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_health_answers_while_scores_are_computed(server: Server, client):
    table = server.audience.read_bytes()

    def score(_: int) -> int:
        with httpx.Client(base_url=server.url, timeout=120) as other:
            return other.post("/score", files={"file": ("a.csv", table)}).status_code

    with ThreadPoolExecutor(4) as pool:
        scores = pool.map(score, range(4))
        time.sleep(0.3)
        began = time.monotonic()
        assert client.get("/health").json()["status"] == "ok"
        assert time.monotonic() - began < 2.0
        assert list(scores) == [200] * 4


def test_the_start_page_and_its_parts_come_from_this_host(client):
    page = client.get("/")
    assert page.status_code == 200
    assert 'lang="en"' in page.text
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert any(link.startswith("/vendor/bootstrap") for link in links)
    for link in links:
        assert not re.match(r"(https?:)?//", link), link
        assert client.get(link).status_code == 200, link


def test_the_policy_allows_the_pages_own_scripts_and_no_other_host(client):
    """Every inline script of the page has its hash in the policy (CSP level 2, sha256 of its text)."""
    from webapp.inline import hashes

    page = client.get("/")
    policy = page.headers["content-security-policy"]
    scripts = re.findall(r"<script(?![^>]*(?:src=|json))[^>]*>.*?</script>", page.text, re.DOTALL)
    assert scripts
    for script in scripts:
        (wanted,) = hashes(re.sub(r"^<script[^>]*>", "<script>", script))
        assert wanted in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


def test_static_files_are_compressed_and_kept(client):
    link = next(
        link for link in re.findall(r'href="([^"]+)"', client.get("/").text) if "bootstrap.min.css" in link
    )
    answer = client.get(link)
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]


def test_the_documentation_needs_no_other_host(client):
    page = client.get("/docs")
    assert page.status_code == 200
    for link in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert link.startswith("/docs/"), link
        assert client.get(link).status_code == 200
    assert "http" not in page.headers["content-security-policy"]
    described = client.get("/openapi.json").json()
    assert {"/health", "/score", "/api/uploads"} <= described["paths"].keys()


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/packs/x", "/docs/none.js"])
def test_an_unknown_address_of_the_api_is_a_problem(client, path):
    problem_of(client.get(path), 404)


@pytest.mark.parametrize("path", ["/docs/../../etc/passwd", "/docs/%2e%2e/%2e%2e/etc/passwd"])
def test_an_address_that_leads_up_meets_a_page_and_no_file(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert 'lang="en"' in answer.text
    assert "root:" not in answer.text


def test_the_access_log_names_no_query_and_no_id():
    line = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, "", None, None)
    line.args = ("127.0.0.1", "GET", "/api/packs/0f1e2d/pack.xlsx?x=1", "1.1", 200)
    assert _without_ids(line)
    assert line.args == ("127.0.0.1", "GET", "/api/packs/-/pack.xlsx", "1.1", 200)


def test_a_wrong_method_says_so(client):
    assert problem_of(client.get("/score"), 405)
    assert problem_of(client.delete("/health"), 405)


def test_an_upload_answers_its_id_and_the_proposed_roles(server: Server, client, data_id):
    table = server.audience.read_bytes()
    answer = client.post("/api/uploads", content=table, headers={"X-File-Name": "Sommer%202024.csv"})
    body = answer.json()
    assert body["id"] == data_id  # the same content is the same data set
    assert (body["name"], body["rows"]) == ("Sommer 2024.csv", 6000)
    roles = body["proposal"]["roles"]
    assert (roles["treatment"], roles["control"], roles["outcome"]) == ("segment", "No E-Mail", "spend")


def test_a_bad_upload_is_told_and_keeps_nothing(server: Server, client):
    before = sorted((server.artifacts / "data").iterdir())
    problem_of(client.post("/api/uploads", content=b"\x89PNG rubbish", headers={"X-File-Name": "a.csv"}), 422)
    assert sorted((server.artifacts / "data").iterdir()) == before
    assert emptied(server.artifacts / "uploads")


def test_the_page_reads_of_a_refusal_in_the_body(client):
    """A browser writes every 4xx into its console, which is to stay empty; programs get the status."""
    headers = {"X-File-Name": "a.csv"}
    plain = client.post("/api/uploads", content=b"a,a\n1,2\n", headers=headers)
    asked = client.post("/api/uploads", content=b"a,a\n1,2\n", headers={**headers, "X-Problems-In-Body": "1"})
    assert (plain.status_code, asked.status_code) == (422, 200)
    assert asked.json() == plain.json()
    assert asked.json()["status"] == 422


def test_the_server_answers_to_its_own_names_alone(client):
    for path in ("/", "/health", "/api/template.csv", "/_dash-layout"):
        problem_of(client.get(path, headers={"Host": "evil.example"}), 421)


def test_another_sites_page_cannot_upload(client):
    headers = {"Origin": "https://elsewhere.example", "X-File-Name": "a.csv"}
    problem_of(client.post("/api/uploads", content=b"a\n1\n", headers=headers), 403)


def test_the_template_can_be_uploaded_as_it_is(client):
    template = client.get("/api/template.csv")
    assert "attachment" in template.headers["content-disposition"]
    sent = client.post("/api/uploads", content=template.content, headers={"X-File-Name": "t.csv"})
    assert sent.json()["proposal"]["roles"]["treatment"] == "segment"


def test_the_list_of_a_link_is_the_list_of_the_command_line(server: Server, client, data_id, tmp_path):
    out = tmp_path / "list.csv"
    argv = ("--in", str(server.audience), "--out", str(out), "--models", str(server.model), "--topn", "700")
    assert server.cli("score", *argv).returncode == 0
    query = {"data": data_id, "model": "small", "topn": "700"}
    answer = client.get("/api/contacts.csv", params=query)
    same = answer.content == out.read_bytes()
    assert same
    assert "contacts.csv" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("chart", "columns"),
    [
        ("curve", {"contacts", "predicted_profit", "measured_profit", "measured_lo", "measured_hi"}),
        ("deciles", {"decile", "measured_uplift", "lo", "hi"}),
        ("sensitivity", {"margin", "cost", "share", "profit"}),
    ],
)
def test_each_charts_data_can_be_taken_away(client, data_id, chart, columns):
    answer = client.get(f"/api/{chart}.csv", params={"data": data_id, "model": "small", "margin": "0.4"})
    assert answer.status_code == 200, answer.text
    assert columns <= set(pd.read_csv(io.BytesIO(answer.content)).columns)


@pytest.mark.parametrize("path", ["contacts", "curve", "deciles", "sensitivity"])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"data": "0" * 20}, 404),
        ({"data": "../../x"}, 422),
        ({"model": "nosuch"}, 404),
        ({"margin": "rubbish"}, 422),
        ({"topn": "1e999"}, 422),
        ({"data": ""}, 422),
    ],
)
def test_a_link_with_rubbish_is_a_problem(client, data_id, path, change, status):
    query = {"data": data_id, "model": "small", **change}
    problem_of(client.get(f"/api/{path}.csv", params=query), status)


@pytest.mark.parametrize(
    "path", ["p/none.xlsx", "p/..%2f..%2fsecret", "..%2fdata/x", "%2e%2e/data", "p/.hidden", "nosuch/a.xlsx"]
)
def test_no_name_leads_out_of_the_packs(server: Server, client, path):
    folder = server.artifacts / "packs" / "p"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".hidden").write_text("x")
    (folder / "a.xlsx").write_bytes(b"PK")
    assert client.get("/api/packs/p/a.xlsx").content == b"PK"
    problem_of(client.get(f"/api/packs/{path}"), 404)


def test_a_jobs_state_and_cancel_are_for_those_who_hold_its_id(server: Server, client):
    job = jobs.start("train", ["x"], "Training", settings=Settings(artifacts=server.artifacts))
    assert client.get(f"/api/jobs/{job.id}").json()["state"] == "queued"
    assert client.post(f"/api/jobs/{job.id}/cancel").json()["state"] == "cancelled"
    problem_of(client.get(f"/api/jobs/{'0' * 32}"), 404)
    problem_of(client.get("/api/jobs/..%2f..%2fkey"), 404)
