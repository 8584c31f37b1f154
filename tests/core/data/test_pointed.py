"""What the product writes as CSV it reads back with the same meaning, decimal commas included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.data.columns import numeric
from core.data.pointed import pointed
from core.data.readers import read_table, write_table

LINES = """nr;alter;umsatz;besucher;plz;datum;groesse;unklar;leer
007,5;35,80;1.234,56;1.234;01067;12.07.2023;1,5;1,5;
008,1;-0,30;;12;80331;25.07.2023;M;2.5;
009,0;28;n/a;2.000;;;2,5;3,5;
"""


def test_numbers_come_back_as_the_numbers_they_were(tmp_path):
    """Oracle: the numbers read from the file itself, by its own commas."""
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(LINES)
    frame = read_table(source)
    write_table(pointed(frame, ids=("nr",)), out)
    back = read_table(out)
    for name in ("alter", "umsatz", "besucher"):
        np.testing.assert_array_equal(numeric(back, name)[0], numeric(frame, name)[0])
        assert not numeric(back, name)[1]


def test_digits_ids_codes_and_text_stay_as_they_are(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text(LINES)
    frame = read_table(source)
    written = pointed(frame, ids=("nr",))
    assert written["alter"].tolist() == ["35.80", "-0.30", "28"]
    assert written["umsatz"].dropna().tolist() == ["1234.56", "n/a"]
    assert written["besucher"].tolist() == ["1234", "12", "2000"]
    same = ["nr", "plz", "datum", "groesse", "unklar", "leer"]
    pd.testing.assert_frame_equal(written[same], frame[same])
    assert "decimal" not in written.attrs and frame.attrs["decimal"] == ","
    assert frame["alter"].tolist() == ["35,80", "-0,30", "28"]


def test_a_file_with_points_is_left_alone(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text('a,b\n"1,5",1.5\n')
    frame = read_table(source)
    assert pointed(frame) is frame
