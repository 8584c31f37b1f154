"""The form of the columns' roles holds what is known, role by role, and leaves the rest to the person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from components import ids
from components.roles_form import NO_ID, roles_form
from core.data.roles import propose
from core.data.schema import Roles

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
