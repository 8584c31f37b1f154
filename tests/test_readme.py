"""Every command of the README does what the README says: read from the page, run as it stands there."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8050"


def commands(language: str) -> list[str]:
    """The lines of all code blocks in a language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


SHELL = commands("sh")


def beginning(word: str) -> list[str]:
    return [line for line in SHELL if shlex.split(line)[0] == word]


@pytest.fixture(scope="module")
def folder(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty place to follow the README in; the example comes from the real data, nothing is downloaded."""
    return tmp_path_factory.mktemp("stranger")


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    """What `. .venv/bin/activate` gives."""
    kept = {name: value for name, value in os.environ.items() if name != "PERSUADABLE_ARTIFACTS_DIR"}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="module")
def followed(folder: Path, environment: dict[str, str]) -> Path:
    """The folder after the command-line examples, run in order."""
    for line in beginning("persuadable"):
        done = subprocess.run(
            shlex.split(line), cwd=folder, env=environment, capture_output=True, text=True, timeout=280
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
    return folder


@pytest.fixture(scope="module")
def address(followed: Path, environment: dict[str, str]) -> Iterator[str]:
    """The server of `make run`, in the same folder, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "core.cli", "serve", "--prepare-example", "--port", str(port)]
    server = subprocess.Popen(command, cwd=followed, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while True:
            try:
                httpx.get(f"{url}/health", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                assert server.poll() is None and time.monotonic() < until, "the server did not come up"
                time.sleep(0.2)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_there_are_no_commands_that_this_file_does_not_run():
    assert [*beginning("make"), *beginning("persuadable"), *beginning("curl")] == SHELL
    assert len(SHELL) >= 11


@pytest.mark.parametrize("line", beginning("make"))
def test_make_has_the_targets(line):
    """Dry, because this very test runs inside one of them."""
    done = subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_command_line_examples_write_what_they_name(followed):
    """design.md, "Report folder" and "Model folder"."""
    artifacts = followed / "artifacts"
    assert (artifacts / "example" / "hillstrom.csv").stat().st_size == 3_964_977  # as published
    assert (artifacts / "models" / "hillstrom" / "meta.json").is_file()
    assert (artifacts / "scored.csv").is_file()
    assert {p.suffix for p in (artifacts / "packs" / "hillstrom").iterdir()} == {".xlsx", ".md", ".csv"}
    names = {str(p.relative_to(artifacts / "report")) for p in (artifacts / "report").rglob("*.*")}
    assert names >= {
        "hillstrom_uplift_scores_test.csv",
        "hillstrom_uplift_deciles.csv",
        "hillstrom_uplift_curve.csv",
        "policy_curve_email.csv",
        "policy_sensitivity.csv",
        "policy_contact_list.csv",
        "required_features_schema.csv",
        "scored_contacts.csv",
        "scored_contacts_with_flag.csv",
        "parity.json",
        "policy_pack.xlsx",
        str(Path("figs") / "policy_sensitivity_heatmap.png"),
        str(Path("figs") / "campaign_economics.png"),
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_held_out_rows_score_the_same_through_every_door(followed):
    """Issue 2, "Parity": 16,000 rows of Hillstrom at training time, by the command line, HTTP and the app."""
    parity = json.loads((followed / "artifacts" / "report" / "parity.json").read_text(encoding="utf-8"))
    for door in ("command_line", "http", "app"):
        assert parity[door]["rows"] == 16_000
        assert parity[door]["correlation"] == pytest.approx(1.0, abs=1e-12)
        assert parity[door]["top_overlap"] == 1.0
        assert parity[door]["max_abs_difference"] <= 1e-9
    assert parity["contact_list_bytes_equal"] is True


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("line", beginning("curl"))
def test_the_http_examples_answer(line, address, followed, environment):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed here")
    command = [*shlex.split(line.replace(ADDRESS, address)), "--silent", "--show-error", "--fail-with-body"]
    done = subprocess.run(command, cwd=followed, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{line}\n{done.stderr}{done.stdout[:500]}"
    assert done.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_curl_and_the_command_line_give_the_same_list(address, followed, environment):
    """The promise of the README's last section, on the README's own files."""
    out = followed / "thousand.csv"
    options = ["--in", "artifacts/example/hillstrom.csv", "--models", "artifacts/models/hillstrom"]
    command = [sys.executable, "-m", "core.cli", "score", *options, "--topn", "1000", "--out", str(out)]
    subprocess.run(command, cwd=followed, env=environment, check=True, capture_output=True)
    with (followed / "artifacts" / "example" / "hillstrom.csv").open("rb") as file:
        answer = httpx.post(
            f"{address}/score",
            files={"file": file},
            data={"topn": "1000"},
            headers={"Accept": "text/csv"},
            timeout=120,
            trust_env=False,
        )
    same = answer.content == out.read_bytes()
    assert same


@pytest.mark.parametrize("line", commands("bat"))
def test_the_windows_commands_name_what_exists(line):
    words = line.split()
    for lock in re.findall(r"--requirement (\S+)", line):
        assert (ROOT / lock).is_file()
    if "core.cli" in words:
        command = [sys.executable, "-m", *words[words.index("core.cli") :], "--help"]
        assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    assert words[0] in ("py", r".venv\Scripts\python")
