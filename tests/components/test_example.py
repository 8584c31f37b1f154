"""The example campaign is found again by its ids, and made again where it is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.data.examples import simulate
from core.data.schema import Roles
from core.example_record import prepared, record_path, remember
from core.settings import Settings
from core.workspace import Workspace
from pages.work import example_link, example_work

ROLES = Roles(treatment="segment", control="No E-Mail", outcome="spend")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A prepared example; its model is no more than a record of one."""
    workspace = Workspace(Settings(artifacts=tmp_path))
    frame, _ = simulate(rows=50, seed=3)
    data = workspace.data.add(frame, "Simulated campaign", ROLES, simulated=True)
    (workspace.models_folder / "simulated").mkdir(parents=True)
    (workspace.models_folder / "simulated" / "meta.json").write_text("{}")
    remember(workspace, data.id, "simulated")
    return workspace


def test_the_example_is_found_when_its_file_was_uploaded_under_another_name(workspace):
    link = example_link(workspace)
    frame, _ = simulate(rows=50, seed=3)
    workspace.data.add(frame, "my upload.csv", ROLES)
    assert link is not None and link.startswith("/profit?") and "model=simulated" in link
    assert example_link(workspace) == link


def test_an_example_whose_model_is_gone_is_work_to_be_done_again(workspace):
    assert example_work(workspace).artifact == str(record_path(workspace))
    assert record_path(workspace).is_file()
    shutil.rmtree(workspace.models_folder / "simulated")
    assert example_link(workspace) is None
    example_work(workspace)
    assert not record_path(workspace).exists()  # so that a job that is done is not taken for it


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"data": "../..", "model": ".."}'])
def test_a_record_that_is_broken_is_no_example(workspace, text):
    record_path(workspace).write_text(text)
    assert prepared(workspace) is None
