"""A file as an office in another country sends it, from training to the pack."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def strange(tmp_path):
    """As an office in Germany sends it: semicolons, decimal commas, Windows-1252, yes and no, three arms."""
    rng = np.random.default_rng(1)
    rows = 1500
    arm = rng.choice(["Kontrolle", "Brief", "Anruf, kurz"], rows)
    since = rng.integers([1, 1, 2000], [28, 13, 2024], (rows, 3))
    bought = rng.random(rows) < 0.1 + 0.2 * (arm == "Brief")
    frame = pd.DataFrame(
        {
            "Kundennr": [f"{k:05d}" for k in range(rows)],
            "Umsatz (Vorjahr, €)": [f"{x:.2f}".replace(".", ",") for x in rng.exponential(90, rows)],
            "Ort": rng.choice(["München", "Köln", ""], rows),
            "Kunde seit": [f"{day:02d}.{month:02d}.{year}" for day, month, year in since],
            "Anschreiben": arm,
            "gekauft": np.where(bought, "ja", "nein"),
        }
    )
    path = tmp_path / "kampagne.csv"
    path.write_bytes(frame.to_csv(sep=";", index=False, lineterminator="\r\n").encode("cp1252"))
    return path


ROLES_THERE = ("--outcome", "gekauft", "--treatment", "Anschreiben", "--control", "Kontrolle")
GERMAN = (*ROLES_THERE, "--id_col", "Kundennr")


def test_a_strange_but_honest_file_goes_all_the_way(here, strange, tmp_path):
    """From training to the pack, with every word that a newcomer needs on the way."""
    out = tmp_path / "model"
    arms = ("--arms", 'Brief,"Anruf, kurz"', "--learner", "t-ridge")
    done = here("train", "--in", strange, *GERMAN, *arms, "--out", out)
    assert done.exit_code == 0, done.output
    meta = json.loads((out / "meta.json").read_text())
    assert meta["arms"] == ["Kontrolle", "Brief", "Anruf, kurz"]
    assert meta["feature_cols"] == ["Umsatz (Vorjahr, €)", "Ort"]
    assert "'Kunde seit': It holds dates" in done.stdout
    assert "say with --value what one yes is worth" in done.stdout
    judged = here("evaluate", "--in", strange, "--models", out, "--out", tmp_path / "e", "--value", "40")
    assert judged.exit_code == 0, judged.output
    assert "A contact changed 'gekauft' by 0." in judged.stdout
    assert "€40.00 for each 'gekauft'" in judged.stdout
    money = ("--value", "40", "--cost", "0.6")
    everyone = tmp_path / "all.csv"
    scored = here("score", "--in", strange, "--models", out, "--out", everyone, "--all", *money)
    assert scored.exit_code == 0, scored.output
    assert set(pd.read_csv(everyone, dtype=str)["arm"]) <= {"Brief", "Anruf, kurz"}
    planned = here("plan", "--in", everyone, "--out", tmp_path / "plan.csv", "--margin", "0.3", *money)
    assert planned.exit_code == 0, planned.output
    packed = here("pack", "--in", strange, "--models", out, "--out", tmp_path / "pack", *money)
    assert packed.exit_code == 0, packed.output


def test_our_own_file_of_a_german_one_is_read_again(here, strange, tmp_path):
    """What `value` and `score` write has commas as separators, so its numbers have points, and costs stay
    costs: the plan of the scored file spends as many times 0.30 as it contacts people."""
    table = pd.read_csv(strange, sep=";", dtype=str, encoding="cp1252").assign(cost="0,30")
    source, valued, model = tmp_path / "mit_kosten.csv", tmp_path / "valued.csv", tmp_path / "model"
    table.to_csv(source, sep=";", index=False)
    values = tmp_path / "values.csv"
    worth = pd.DataFrame({"Kundennr": table["Kundennr"][:900], "p_alive": 0.5, "expected_orders": 2.0})
    worth.assign(clv=10.0, computed_until="2023-01-01").to_csv(values, index=False)
    argv = ("value", "--in", source, "--values", values, "--id_col", "Kundennr", "--out", valued)
    assert here(*argv).exit_code == 0
    assert pd.read_csv(valued)["Umsatz (Vorjahr, €)"].dtype == "float64"
    done = here("train", "--in", valued, *GERMAN, "--learner", "t-ridge", "--out", model)
    assert done.exit_code == 0, done.output
    meta = json.loads((model / "meta.json").read_text())
    assert "Umsatz (Vorjahr, €)" in meta["num_cols"]
    scored = tmp_path / "scored.csv"
    told = here("score", "--in", valued, "--models", model, "--all", "--out", scored)
    assert "'cost' is not heeded: the list, its order and its figures take €0.05 a contact" in told.stdout
    asked = ("plan", "--in", scored, "--margin", "0.3", "--value", "40", "--cost", "9")
    planned = here(*asked, "--out", tmp_path / "plan.csv", "--report", tmp_path / "plan.json")
    assert planned.exit_code == 0, planned.output
    contacts = pd.read_csv(tmp_path / "plan.csv")
    assert len(contacts) and (contacts["contact_cost"] == 0.30).all()


def test_several_contacts_told_as_one_are_named(here, strange, tmp_path):
    done = here("train", "--in", strange, *GERMAN, "--learner", "segments", "--out", tmp_path / "model")
    assert "Anruf, kurz, Brief are treated as one contact." in done.stdout and "--arms" in done.stdout


def test_a_name_with_a_comma_can_be_left_out(here, strange, tmp_path):
    drop = ("--drop", '"Umsatz (Vorjahr, €)"')
    done = here("train", "--in", strange, *GERMAN, *drop, "--learner", "segments", "--out", tmp_path / "m")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "m" / "meta.json").read_text())["feature_cols"] == ["Ort"]
