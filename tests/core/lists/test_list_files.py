"""The list as a file: what write_table makes of it, once; a workbook of too many is refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.contact_rows import ScenarioRows
from core.errors import TooLargeError
from core.list_files import list_file
from core.scenario import Scenario


def test_the_parquet_file_holds_the_list_with_its_types(scored, workspace):
    rows = ScenarioRows(scored, Scenario(topn=400))
    path = list_file(rows, "parquet", workspace.settings)
    pd.testing.assert_frame_equal(pd.read_parquet(path), rows.at(np.arange(400)))
    made = path.stat().st_mtime_ns
    assert list_file(rows, "parquet", workspace.settings).stat().st_mtime_ns == made


def test_a_workbook_of_too_many_names_the_other_ways(scored, workspace, monkeypatch):
    monkeypatch.setattr("core.list_files.MOST_IN_EXCEL", 399)
    with pytest.raises(TooLargeError) as refused:
        list_file(ScenarioRows(scored, Scenario(topn=400)), "xlsx", workspace.settings)
    assert "400" in refused.value.message and "399" in refused.value.message
    assert "pack" in refused.value.fix and "Parquet" in refused.value.fix
    assert list_file(ScenarioRows(scored, Scenario(topn=399)), "xlsx", workspace.settings).is_file()
