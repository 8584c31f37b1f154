"""Jobs of the pages: what another campaign trains is not shown as this one's."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from core import jobs
from core.policy.constraints import Constraints
from core.settings import Settings
from core.workspace import Workspace
from pages import work

ROLES = {"treatment": "group", "control": "control", "outcome": "spend", "id": None}


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    return Workspace(Settings(artifacts=tmp_path / "artifacts"))


def booked(workspace: Workspace, mine, spend: float):
    data = workspace.data.add(pd.DataFrame({"group": ["control", "test"], "spend": [0.0, spend]}), "c")
    asked = {"data": data.id, "roles": ROLES, "learner": "t-rf"}
    return data.id, work.book(workspace, "train", asked, mine)[0]


def test_training_is_shown_on_the_page_of_its_data_alone(workspace):
    first, mine = booked(workspace, [], 1.0)
    second, mine = booked(workspace, mine, 2.0)
    assert len(mine) == 2
    for data_id in (first, second):
        (only,) = work.concerning(mine, data_id)
        assert only["data"] == data_id
    assert work.concerning(mine, None) == []
    pack = {"id": "x", "kind": "pack", "href": "", "data": ""}
    assert work.concerning([pack], first) == [pack]


def test_a_job_cancelled_before_it_began_does_not_begin(workspace):
    """The page that booked it starts it a moment later."""
    data = workspace.data.add(pd.DataFrame({"group": ["control", "test"], "spend": [0.0, 1.0]}), "c")
    asked = {"data": data.id, "roles": ROLES, "learner": "t-rf"}
    _, order = work.book(workspace, "train", asked, [])
    jobs.cancel(order["id"], workspace.settings)
    assert work.followed(workspace, order)["state"] == "cancelled"
    assert [job.state for job in jobs.jobs(workspace.settings)] == ["cancelled"]


def test_the_model_of_a_data_set_is_found_once_it_is_there(workspace):
    data_id, mine = booked(workspace, [], 1.0)
    assert work.trained(workspace, mine, data_id) is None
    model = mine[0]["href"].partition("model=")[2].partition("&")[0]
    (workspace.models_folder / model).mkdir(parents=True)
    (workspace.models_folder / model / "meta.json").write_text("{}")
    assert work.trained(workspace, mine, data_id) == mine[0]["href"]
    assert work.trained(workspace, mine, "0" * 20) is None


def test_a_pack_takes_the_conditions_and_the_name_of_the_page_along(workspace, monkeypatch):
    """Another budget is another pack; the number of contacts is the most there may be."""
    monkeypatch.setattr(workspace, "meta", lambda _: SimpleNamespace(binary=True))
    data = workspace.data.add(pd.DataFrame({"group": ["control"], "spend": [0.0]}), "c")
    (workspace.models_folder / "m").mkdir(parents=True)
    (workspace.models_folder / "m" / "meta.json").write_text("{}")
    page = {"data": data.id, "model": "m", "topn": "50", "name": "Spring & co"}

    def options(**query: str) -> dict[str, str]:
        argv = work.pack_work(workspace, page | query, "http://x/contacts?topn=9").argv[1:]
        return dict(zip(argv[::2], argv[1::2], strict=True))

    plain, planned, other = options(), options(budget="500"), options(budget="600")
    assert "--constraints" not in plain and plain["--scenario"] == "Spring & co"
    assert Constraints.from_json(planned["--constraints"]) == Constraints(budget=500.0, topn=50)
    # as the controls are now, not as the page was loaded
    assert plain["--link"] == f"http://x/contacts?data={data.id}&model=m&topn=50&name=Spring+%26+co"
    assert len({one["--out"] for one in (plain, planned, other)}) == 3
    assert "€80.00 a response" in work.pack_work(workspace, page | {"value": "80"}, "").title
