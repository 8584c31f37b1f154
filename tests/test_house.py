"""The rules of the house: what a reader of the code and of the README may rely on."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import typer

from components import template
from core.cli import app
from core.packs import figures
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("core", "components", "pages", "webapp", "assets", "benchmarks", "tests", "docs")
CORRIDORS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
DOCUMENTATION = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
)
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def sources() -> list[Path]:
    return [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".js", ".css", ".html") and "__pycache__" not in path.parts
    ]


def test_imports_go_one_way():
    """webapp -> pages -> components -> core, and core knows no web framework (pyproject.toml)."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_rooms_have_names_of_the_domain():
    assert [str(p.relative_to(ROOT)) for p in sources() if p.stem.lower() in CORRIDORS] == []


def test_our_scripts_and_styles_name_no_other_host():
    """Only the names of XML namespaces look like addresses."""
    pattern = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
    named = {
        (path.name, address)
        for path in sorted((ROOT / "assets").rglob("*"))
        if path.suffix in (".js", ".css", ".html", ".svg")
        for address in pattern.findall(path.read_text(encoding="utf-8"))
        if not address.endswith("//www.w3.org")
    }
    assert named == set()


def test_no_code_of_others_is_committed():
    """Bootstrap, icons and fonts come from installed packages."""
    found = [
        p.name for p in (ROOT / "assets").rglob("*") if ".min." in p.name or p.suffix in (".woff", ".woff2")
    ]
    assert found == []


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting):
    assert f"`{setting.metadata['variable']}`" in DOCUMENTATION
    assert setting.metadata["help"].strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert f"`persuadable {command}`" in DOCUMENTATION


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.name)
def test_every_benchmark_says_what_it_promises(path):
    assert f"`{path.name}`" in (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_links_in_the_documentation_lead_somewhere():
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_figures_on_paper_have_the_colours_of_the_app():
    assert (figures.INK, figures.MUTED, figures.GRID) == (template.INK, template.INK_SOFT, template.LINE)
    assert figures.ACCENT == template.ACCENT
    scale = [figures.VERMILION, figures.CORAL, figures.PALE, figures.SKY, figures.BLUE]
    assert scale == [colour for _, colour in template.DIVERGING]


def test_every_line_of_the_acceptance_list_names_tests_that_exist():
    """docs/acceptance.md; a line without a test says "by eye", or names the benchmark that measures it."""
    written = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("test_*.py")))
    known = set(re.findall(r"^def (test_\w+)", "\n".join(written), re.MULTILINE))
    page = (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    promises = [line for line in lines if not line.startswith("| a marketer can rely on")]
    assert len(promises) > 40
    for line in promises:
        named = re.findall(r"`(test_\w+)`", line)
        measured = re.findall(r"`(benchmarks/\w+\.py)`", line)
        assert named or measured or "by eye" in line, line
        assert all((ROOT / path).is_file() for path in measured), line
        assert [name for name in named if name not in known] == [], line
