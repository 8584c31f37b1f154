"""Reading an experiment: what is wrong is named by column and row, what came after is left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency, kruskal

from core.data.schema import Feature, Roles
from core.errors import DataError
from core.uplift.dependence import (
    FAMILY_LEVEL,
    arm_dependence,
    chi_square_p,
    implies_outcome,
    rank_p,
    written_after,
)
from core.uplift.experiment import experiment

NUMERIC = ["recency", "history", "mens", "womens", "newbie"]
CATEGORICAL = ["history_segment", "zip_code", "channel"]
MAIL = Roles(treatment="mail", control="no", outcome="spend")


def campaign(rows: int = 600, seed: int = 0, **columns: object) -> pd.DataFrame:
    """A file as CSV gives it: every column text."""
    rng = np.random.default_rng(seed)
    spend = np.where(rng.random(rows) < 0.3, rng.exponential(20, rows).round(2), 0)
    table = {
        "mail": rng.choice(["no", "yes"], rows),
        "age": rng.integers(18, 80, rows),
        "city": rng.choice(["Ulm", "Bonn", "Kiel"], rows),
        "spend": spend,
    }
    return pd.DataFrame(table | columns).astype("str")


def refusal(frame: pd.DataFrame, roles: Roles) -> DataError:
    with pytest.raises(DataError) as caught:
        experiment(frame, roles)
    return caught.value


@pytest.mark.parametrize("typed", [False, True], ids=["csv", "parquet"])
def test_hillstrom_is_read_with_its_eight_features(hillstrom_csv: Path, typed: bool) -> None:
    """facts.md: counts of the arms; visit and conversion must never be features of spend."""
    frame = pd.read_csv(hillstrom_csv) if typed else pd.read_csv(hillstrom_csv, dtype="str")
    e = experiment(frame, Roles("segment", "No E-Mail", "spend"))
    assert [(f.column, f.kind) for f in e.schema] == [(c, "numeric") for c in NUMERIC] + [
        (c, "categorical") for c in CATEGORICAL
    ]
    assert {item.column: item.code for item in e.left_out} == {"visit": "arm", "conversion": "arm"}
    assert e.arms == ("No E-Mail", "Mens E-Mail + Womens E-Mail")
    assert e.pooled == ("Mens E-Mail", "Womens E-Mail")
    assert np.bincount(e.arm).tolist() == [21306, 42694]
    assert e.propensities == pytest.approx((21306 / 64000, 42694 / 64000))
    assert e.ids.tolist()[:3] == ["0", "1", "2"]
    assert list(e.features) == NUMERIC + CATEGORICAL
    assert e.outcome[e.arm == 0].mean() == pytest.approx(0.652789, abs=1e-6)


def test_hillstrom_arms_apart_and_one_arm_alone(hillstrom_csv: Path) -> None:
    frame = pd.read_csv(hillstrom_csv, dtype="str")
    both = experiment(frame, Roles("segment", "No E-Mail", "visit", arms=("Womens E-Mail", "Mens E-Mail")))
    assert both.arms == ("No E-Mail", "Womens E-Mail", "Mens E-Mail")
    assert both.binary
    womens = experiment(frame, Roles("segment", "No E-Mail", "visit", arms=("Womens E-Mail",)))
    assert np.bincount(womens.arm).tolist() == [21306, 21387]
    assert [f.column for f in womens.schema] == NUMERIC + CATEGORICAL
    assert {item.column for item in womens.left_out} == {"conversion", "spend"}
    assert womens.ids.iloc[0] == "0"
    dropped = frame.index[frame["segment"] != "Mens E-Mail"]
    assert womens.ids.astype(int).tolist() == dropped.tolist()


def test_columns_come_first_all_at_once_with_near_names() -> None:
    error = refusal(campaign(), Roles("mial", "no", "revenue", id="City"))
    said = " ".join(str(p) for p in error.problems)
    assert [p.column for p in error.problems] == ["mial", "revenue", "City"]
    assert "'mail'" in said
    assert "'city'" in said
    assert "'spend'" in said  # no near name: the columns are listed


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        (Roles("mail", "No", "spend"), "Did you mean 'no'?"),
        (Roles("mail", "never", "spend"), "'no', 'yes'"),
        (Roles("mail", "no", "spend", arms=("sms",)), "'sms' is not among"),
        (Roles("mail", "no", "spend", arms=("no",)), "control cannot be a contact arm"),
        (Roles("mail", "no", "spend", arms=("yes", "yes")), "named twice"),
        (Roles("spend", "0", "age"), "different values"),
        (Roles("mail", "no", "mail"), "treatment, outcome and id at once"),
        (Roles("mail", "no", "spend", features=("mail",)), "cannot be a feature"),
        (Roles("mail", "no", "spend", drop=("agee",)), "'age'"),
    ],
)
def test_roles_that_do_not_fit_are_named(roles: Roles, words: str) -> None:
    assert words in str(refusal(campaign(), roles))


def test_a_treatment_with_one_value_is_no_experiment() -> None:
    assert "nothing to compare" in str(refusal(campaign(mail="no"), MAIL))


def test_no_rows() -> None:
    assert "no rows" in str(refusal(campaign().head(0), MAIL))


def test_rows_are_named_as_a_spreadsheet_shows_them() -> None:
    frame = campaign(id=[str(i) for i in range(600)])
    frame.loc[0, "spend"] = "lots"
    frame.loc[1, "spend"] = "-5"
    frame.loc[2, "spend"] = None
    frame.loc[3, "spend"] = "inf"
    frame.loc[4, "mail"] = " "
    frame.loc[5, "id"] = None
    frame.loc[6, "id"] = "0"
    frame.loc[7, "spend"] = "n/a"
    error = refusal(frame, Roles("mail", "no", "spend", id="id"))
    assert [(p.row, p.column) for p in error.problems] == [
        (2, "spend"), (3, "spend"), (4, "spend"), (5, "spend"), (6, "mail"), (7, "id"), (8, "id"),
        (9, "spend"),
    ]  # fmt: skip
    assert all(p.fix for p in error.problems)


def test_typed_outcomes_with_nan_and_infinity_are_named() -> None:
    frame = campaign().astype({"spend": "float64"})
    frame.loc[[1, 2], "spend"] = [np.nan, np.inf]
    assert [p.row for p in refusal(frame, MAIL).problems] == [3, 4]


def test_rows_of_other_arms_are_not_judged_and_keep_the_numbers_of_the_file() -> None:
    frame = campaign(mail=["no", "yes", "sms"] * 200)
    frame.loc[2, "spend"] = "broken, but in another arm"
    frame.loc[4, "spend"] = "-1"
    error = refusal(frame, Roles("mail", "no", "spend", arms=("yes",)))
    assert [p.row for p in error.problems] == [6]


def test_leading_zeros_are_codes_and_ids_keep_them() -> None:
    rng = np.random.default_rng(1)
    frame = campaign(code=[f"{i % 7:03d}" for i in rng.permutation(600)], id=[f"{i:05d}" for i in range(600)])
    e = experiment(frame, Roles("mail", "no", "spend", id="id"))
    assert {f.column: f.kind for f in e.schema}["code"] == "categorical"
    assert e.ids.iloc[1] == "00001"


def test_a_word_among_a_thousand_numbers_is_a_mistake_not_a_category() -> None:
    frame = campaign(1200, income=np.random.default_rng(0).integers(1000, 9000, 1200).astype(str))
    frame.loc[7, "income"] = "inf"
    frame.loc[8, "income"] = "unknown sum"
    assert [p.row for p in refusal(frame, MAIL).problems] == [9, 10]


def test_columns_that_describe_nothing_are_left_out_with_a_reason() -> None:
    frame = campaign(
        same="x",
        empty=None,
        row=[str(i + 1) for i in range(600)],
        name=[f"customer {i}" for i in range(600)],
        again=campaign()["spend"],
        hated=campaign()["age"],
    )
    e = experiment(frame, Roles("mail", "no", "spend", drop=("hated",)))
    assert {item.column: item.code for item in e.left_out} == {
        "same": "constant", "empty": "constant", "row": "identifier", "name": "identifier",
        "again": "outcome", "hated": "dropped",
    }  # fmt: skip
    assert all(item.reason.endswith(".") for item in e.left_out)
    assert [f.column for f in e.schema] == ["age", "city"]


def test_a_column_filled_in_only_for_the_contacted_is_left_out_even_when_it_is_named() -> None:
    frame = campaign()
    opened = np.where(frame["mail"] == "yes", "1", None)
    frame["opened"] = pd.Series(opened, dtype="str")
    assert "opened" in {i.column for i in experiment(frame, MAIL).left_out if i.code == "chose"}
    named = experiment(frame, Roles("mail", "no", "spend", features=("opened", "age")))
    assert [f.column for f in named.schema] == ["age"]
    assert "named as a feature" in named.left_out[0].reason
    assert named.left_out[0].reason.startswith("It decided who was contacted, or was written after")
    only = refusal(frame, Roles("mail", "no", "spend", features=("opened",)))
    assert "not drawn at random" in str(only)


def test_features_of_a_randomised_campaign_are_kept() -> None:
    """FAMILY_LEVEL: at most about 1 in 100 sound experiments loses a feature (400 here, 4 columns)."""
    schema = (*(Feature(c, "numeric") for c in ("rare", "x", "z")), Feature("w", "categorical"))
    lost, experiments = 0, 400
    for seed in range(experiments):
        rng = np.random.default_rng(seed)
        table = {
            "rare": np.where(rng.random(400) < 0.02, rng.integers(1, 50, 400), 0).astype(float),
            "x": rng.normal(size=400),
            "z": rng.integers(0, 2, 400).astype(float),
            "w": rng.choice(list("abc"), 400),
        }
        unequal = (rng.random(400) < 0.9).astype(np.int64)
        lost += bool(written_after(arm_dependence(pd.DataFrame(table), schema, unequal)))
    assert lost <= experiments * FAMILY_LEVEL + 3 * np.sqrt(experiments * FAMILY_LEVEL)


def test_visits_after_a_mail_are_found_in_two_thousand_customers() -> None:
    """Power: Hillstrom's visit rates, 10.6 % against 16.7 %, two thirds contacted, 3 columns."""
    found = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        mail = (rng.random(2000) < 2 / 3).astype(np.int64)
        visit = pd.DataFrame({"visit": (rng.random(2000) < np.where(mail, 0.167, 0.106)).astype(float)})
        found += arm_dependence(visit, (Feature("visit", "numeric"),), mail)["visit"] < FAMILY_LEVEL / 3
    assert found >= 65


def test_tests_of_dependence_are_the_textbooks() -> None:
    """Oracles: SciPy's chi2_contingency and kruskal."""
    rng = np.random.default_rng(0)
    cell, arm = rng.integers(0, 4, 500), rng.integers(0, 3, 500)
    table = pd.crosstab(cell, arm).to_numpy()
    assert chi_square_p(cell, arm) == pytest.approx(chi2_contingency(table, correction=False).pvalue)
    values = np.round(rng.exponential(2, 500))
    groups = [values[arm == k] for k in range(3)]
    assert rank_p(values, arm) == pytest.approx(kruskal(*groups).pvalue)


def test_too_few_rows_to_tell_is_no_alarm() -> None:
    """One sale that happens to fall in a control group of ten says nothing."""
    arm = np.r_[np.zeros(10, int), np.ones(990, int)]
    values = np.zeros(1000)
    values[0] = 30.0
    assert chi_square_p((values > 0).astype(int), arm) == 1.0
    assert rank_p(values, arm) == 1.0


def test_what_makes_the_outcome_certain_was_written_with_it() -> None:
    rng = np.random.default_rng(0)
    visit = (rng.random(2000) < 0.15).astype(float)
    basket = np.where((visit == 1) & (rng.random(2000) < 0.2), 2, 1)
    assert implies_outcome(basket, visit)
    assert not implies_outcome(rng.integers(0, 5, 2000), visit)


def test_missing_values_stay_missing() -> None:
    frame = campaign()
    frame.loc[3, "age"] = None
    frame.loc[4, "city"] = ""
    e = experiment(frame, MAIL)
    assert np.isnan(e.features["age"].iloc[3])
    assert pd.isna(e.features["city"].iloc[4])
    assert e.features["city"].dtype == "str"
    p = arm_dependence(e.features, e.schema, e.arm)
    assert p.keys() == {"age", "city"}
