"""The form of the columns' roles holds what is known, role by role, and leaves the rest to the person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from components import ids
from components.roles_form import ALIKE, EACH, NO_ID, roles_form
from core.data.roles import propose
from core.data.schema import Roles
from core.settings import Settings
from core.workspace import Workspace
from pages.data import roles_of
from pages.work import train_work

FRAME = pd.DataFrame(
    {"x": ["A", "B", "B"], "Gruppe": ["A", "B", "B"], "Kundennr": ["007", "008", "010"], "z": [1.5, 2.0, 2.0]}
)


def values(form: Any) -> dict[Any, Any]:
    return {
        part.id: part.value for part in form._traverse() if hasattr(part, "value") and hasattr(part, "id")
    }


def test_a_known_id_stays_where_control_and_outcome_are_unknown() -> None:
    shown = values(roles_form(propose(FRAME), None))
    assert shown[ids.role("id")] == "Kundennr"
    assert shown[ids.role("treatment")] == "Gruppe"
    assert shown[ids.role("control")] is None
    assert shown[ids.role("outcome")] is None


def test_remembered_roles_come_before_the_guess() -> None:
    shown = values(roles_form(propose(FRAME), Roles("x", "B", "z")))
    assert (shown[ids.role("treatment")], shown[ids.role("control")]) == ("x", "B")
    assert (shown[ids.role("outcome")], shown[ids.role("id")]) == ("z", NO_ID)


def test_several_contacts_are_one_until_a_person_tells_them_apart() -> None:
    assert values(roles_form(propose(FRAME), None))[ids.role("arms")] == "one"
    known = Roles("x", "A", "z", arms=("B", "C"))
    assert values(roles_form(propose(FRAME), known))[ids.role("arms")] == EACH


def test_the_forms_answers_become_arms_and_a_command_line(tmp_path: Path) -> None:
    """A value with a comma stays one arm on its way to `persuadable train`."""
    workspace = Workspace(Settings(artifacts=tmp_path))
    contacts = ["none", "Brief", "Anruf, kurz"]
    frame = pd.DataFrame({"arm": contacts * 20, "spend": range(60), "age": range(60)})
    data = workspace.data.add(frame, "campaign")
    chosen = {"treatment": "arm", "control": "none", "outcome": "spend", "id": NO_ID, "drop": []}
    assert roles_of(workspace, data.id, {**chosen, "arms": "one"}) == Roles("arm", "none", "spend")
    roles = roles_of(workspace, data.id, {**chosen, "arms": EACH})
    assert roles.arms == ("Anruf, kurz", "Brief")
    argv = train_work(workspace, data.id, roles, "auto").argv
    assert argv[argv.index("--arms") + 1] == '"Anruf, kurz",Brief'


def test_a_chance_of_contact_that_differs_is_a_column_of_numbers(tmp_path: Path) -> None:
    """Nothing is proposed; what is named stays and reaches `persuadable train`."""
    assert values(roles_form(propose(FRAME), None))[ids.role("propensity")] == ALIKE
    stated = Roles("x", "A", "z", propensity="z")
    form = roles_form(propose(FRAME), stated)
    assert values(form)[ids.role("propensity")] == "z"
    chooser = next(part for part in form._traverse() if getattr(part, "id", None) == ids.role("propensity"))
    assert [option["value"] for option in chooser.options] == [ALIKE, "z"]
    workspace = Workspace(Settings(artifacts=tmp_path))
    data = workspace.data.add(FRAME, "campaign")
    chosen = {"treatment": "x", "control": "A", "outcome": "z", "id": NO_ID, "drop": [], "arms": "one"}
    assert roles_of(workspace, data.id, {**chosen, "propensity": ALIKE}).propensity is None
    roles = roles_of(workspace, data.id, {**chosen, "propensity": "z"})
    assert roles == stated
    argv = train_work(workspace, data.id, roles, "auto").argv
    assert argv[argv.index("--propensity") + 1] == "z"
