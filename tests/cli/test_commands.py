"""The command line as a user meets it: processes, files and exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

SCORE_COLUMNS = [
    "row_id",
    "uplift_hat",
    "y1_hat",
    "y0_hat",
    "exp_incremental_revenue",
    "exp_profit_per_contact",
    "rank",
]


@pytest.fixture(scope="module")
def everyone(persuadable, hillstrom_csv, hillstrom_model, tmp_path_factory) -> pd.DataFrame:
    """All of Hillstrom scored at 0.30 and 0.05, with flags."""
    out = tmp_path_factory.mktemp("scored") / "all.csv"
    persuadable(
        "score", "--in", hillstrom_csv, "--out", out, "--models", hillstrom_model, "--all", check=True
    )
    return pd.read_csv(out)


@pytest.fixture(scope="module")
def contacts(persuadable, hillstrom_csv, hillstrom_model, tmp_path_factory) -> pd.DataFrame:
    """The contact list of the same."""
    out = tmp_path_factory.mktemp("scored") / "list.csv"
    persuadable(
        *("score", "--in", hillstrom_csv, "--out", out, "--models", hillstrom_model),
        *("--policy", "bestN", "--margin", 0.30, "--cost", 0.05),
        check=True,
    )
    return pd.read_csv(out)


def test_every_customer_is_scored_once_in_order_of_profit(everyone):
    assert list(everyone.columns[:7]) == SCORE_COLUMNS
    assert sorted(everyone["row_id"]) == list(range(64_000))
    expected = everyone.sort_values(["exp_profit_per_contact", "row_id"], ascending=[False, True])
    pd.testing.assert_frame_equal(everyone, expected)
    assert (everyone["rank"] == np.arange(1, 64_001)).all()


def test_profit_is_uplift_times_margin_less_cost(everyone):
    """design.md: profit_i = uplift_i · m · v − c."""
    np.testing.assert_allclose(everyone["uplift_hat"], everyone["y1_hat"] - everyone["y0_hat"], atol=1e-12)
    np.testing.assert_allclose(
        everyone["exp_profit_per_contact"], 0.30 * everyone["uplift_hat"] - 0.05, atol=1e-12
    )


def test_the_list_is_the_flagged_customers_and_they_are_those_that_pay(everyone, contacts):
    flagged = everyone[everyone["should_contact"] == 1].drop(columns="should_contact")
    pd.testing.assert_frame_equal(contacts, flagged)
    assert (contacts["exp_profit_per_contact"] > 0).all()
    assert (everyone.loc[everyone["should_contact"] == 0, "exp_profit_per_contact"] <= 0).all()


def test_test_rows_scored_in_training_and_by_the_command_line_agree(everyone, hillstrom_model):
    """Parity of issue 2: correlation 1.000, top-1,000 overlap 1.000, largest difference ≤ 1e-9."""
    evidence = pd.read_parquet(hillstrom_model / "evidence.parquet")
    evidence["row_id"] = evidence["row_id"].astype(int)
    trained = evidence.set_index("row_id").filter(like="uplift_hat").iloc[:, 0]
    scored = everyone.set_index("row_id").loc[trained.index, "uplift_hat"]
    assert len(trained) == 16_000
    assert np.abs(trained - scored).max() <= 1e-9
    assert np.corrcoef(trained, scored)[0, 1] == pytest.approx(1.0, abs=1e-12)
    assert set(trained.nlargest(1000, keep="all").index) == set(scored.nlargest(1000, keep="all").index)


def test_model_folder_records_what_the_contract_names(hillstrom_model):
    meta = json.loads((hillstrom_model / "meta.json").read_text())
    assert {"visit", "conversion"} <= {left["column"] for left in meta["left_out"]}
    assert meta["feature_cols"] == [
        *("recency", "history", "mens", "womens", "newbie", "history_segment", "zip_code", "channel")
    ]
    assert (meta["outcome"], meta["treatment_col"], meta["control"], meta["seed"]) == (
        *("spend", "segment", "No E-Mail", 42),
    )
    names = {path.name for path in hillstrom_model.iterdir()}
    assert names == {*meta["files"], "meta.json"}
    assert {"rf_treated.joblib", "rf_control.joblib", "preprocess.joblib", "evaluation.json"} <= names
    schema = pd.read_csv(hillstrom_model / "required_features_schema.csv")
    assert list(schema.columns) == ["column", "type"]
    assert set(schema["type"]) == {"numeric", "categorical"}


@pytest.mark.parametrize("ending", [".csv.gz", ".parquet", ".xlsx"])
def test_every_ending_in_and_out_gives_the_same_list(
    persuadable, hillstrom_csv, hillstrom_model, contacts, tmp_path, ending
):
    source, out = tmp_path / f"in{ending}", tmp_path / f"out{ending}"
    part = tmp_path / "part.csv"
    frame = pd.read_csv(hillstrom_csv).head(500)
    frame.to_csv(part, index=False)
    if ending == ".csv.gz":
        frame.to_csv(source, index=False)
    elif ending == ".parquet":
        frame.to_parquet(source)
    else:
        frame.to_excel(source, index=False)
    arguments = ("--models", hillstrom_model, "--topn", 50)
    persuadable("score", "--in", part, "--out", tmp_path / "plain.csv", *arguments, check=True)
    persuadable("score", "--in", source, "--out", out, *arguments, check=True)
    read = {".csv.gz": pd.read_csv, ".parquet": pd.read_parquet, ".xlsx": pd.read_excel}[ending]
    plain, other = pd.read_csv(tmp_path / "plain.csv"), read(out)
    assert len(plain) == 50
    assert plain["row_id"].astype(str).tolist() == other["row_id"].astype(str).tolist()
    np.testing.assert_allclose(plain["uplift_hat"], other["uplift_hat"].astype(float), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--margin", "-0.1"), "margin"),
        (("--margin", "nan"), "margin"),
        (("--margin", "30"), "margin"),
        (("--cost", "-1"), "cost"),
        (("--cost", "inf"), "cost"),
        (("--topn", "-5"), "topn"),
        (("--policy", "best"), "policy"),
    ],
)
def test_settings_out_of_bounds_exit_2_and_write_nothing(
    here, hillstrom_csv, hillstrom_model, tmp_path, arguments, named
):
    out = tmp_path / "out.csv"
    done = here("score", "--in", hillstrom_csv, "--out", out, "--models", hillstrom_model, *arguments)
    assert done.exit_code == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def campaign(path: Path, **columns: object) -> Path:
    rows = 400
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "arm": np.where(rng.random(rows) < 0.5, "mail", "none"),
            "spend": rng.exponential(10, rows).round(2),
            "age": rng.integers(18, 80, rows),
        }
    )
    frame.assign(**columns).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("columns", "arguments", "named"),
    [
        ({}, {"--control": "holdout"}, "holdout"),
        ({"arm": "mail"}, {"--control": "mail"}, "nothing to compare"),
        ({}, {"--outcome": "revenue"}, "revenue"),
        ({}, {"--treatment": "segment"}, "segment"),
        ({"spend": "much"}, {}, "spend"),
        ({"spend": -1.0}, {}, "spend"),
        ({"customer": "same"}, {"--id_col": "customer"}, "customer"),
        ({}, {"--learner": "magic"}, "magic"),
        ({}, {"--test-size": "1.5"}, "test size"),
    ],
)
def test_a_campaign_that_cannot_be_used_exits_2_naming_what(here, tmp_path, columns, arguments, named):
    source, out = campaign(tmp_path / "campaign.csv", **columns), tmp_path / "model"
    options = {"--outcome": "spend", "--treatment": "arm", "--control": "none", "--out": out} | arguments
    done = here("train", "--in", source, *(word for pair in options.items() for word in pair))
    assert done.exit_code == 2, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()


def test_row_errors_carry_the_row_number_of_a_spreadsheet(here, tmp_path):
    source = campaign(tmp_path / "campaign.csv")
    frame = pd.read_csv(source, dtype=str)
    frame.loc[7, "spend"] = "lots"
    frame.to_csv(source, index=False)
    done = here(
        *("train", "--in", source, "--outcome", "spend", "--treatment", "arm", "--control", "none"),
        *("--out", tmp_path / "model"),
    )
    assert done.exit_code == 2
    assert "row 9" in done.stderr
    assert "lots" in done.stderr


def test_a_job_says_what_is_wrong_once_and_nowhere_that_is_logged(here, tmp_path):
    """Standard error of a job is kept in a log, and problems quote customers."""
    source = campaign(tmp_path / "campaign.csv", spend="Ann Lee +49170")
    done = here(
        *("train", "--in", source, "--outcome", "spend", "--treatment", "arm", "--control", "none"),
        *("--out", tmp_path / "model", "--progress", "json"),
    )
    assert done.exit_code == 2
    assert "Ann Lee" in done.stdout
    assert done.stderr == ""


def test_a_missing_required_column_is_named(here, hillstrom_csv, hillstrom_model, tmp_path):
    source = tmp_path / "audience.csv"
    pd.read_csv(hillstrom_csv).drop(columns=["recency", "channel"]).head(10).to_csv(source, index=False)
    done = here("score", "--in", source, "--out", tmp_path / "o.csv", "--models", hillstrom_model)
    assert done.exit_code == 2
    assert "recency" in done.stderr
    assert "channel" in done.stderr


def test_unseen_categories_and_missing_values_are_counted_not_a_crash(
    here, hillstrom_csv, hillstrom_model, tmp_path
):
    source, out = tmp_path / "audience.csv", tmp_path / "out.csv"
    frame = pd.read_csv(hillstrom_csv).head(20).astype({"history": object})
    frame.loc[:2, "channel"] = "Carrier pigeon"
    frame.loc[3:4, "history"] = None
    frame.to_csv(source, index=False)
    done = here(*("score", "--in", source, "--out", out, "--models", hillstrom_model, "--all"))
    assert "3 values of 'channel'" in done.stdout
    assert "2 values of 'history'" in done.stdout
    assert pd.read_csv(out)["uplift_hat"].notna().all()


class Armed:
    """Unpickling this would leave a mark."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return (Path.touch, (self.mark,))


def test_a_tampered_model_file_is_refused_before_it_is_opened(here, hillstrom_csv, hillstrom_model, tmp_path):
    copy, mark = tmp_path / "model", tmp_path / "ran"
    shutil.copytree(hillstrom_model, copy)
    joblib.dump(Armed(mark), copy / "rf_treated.joblib")
    done = here("score", "--in", hillstrom_csv, "--out", tmp_path / "o.csv", "--models", copy)
    assert done.exit_code == 2
    assert "rf_treated.joblib" in done.stderr
    assert not mark.exists()


def test_leading_zeros_of_ids_survive(here, hillstrom_csv, hillstrom_model, tmp_path):
    source, out = tmp_path / "audience.csv", tmp_path / "out.csv"
    frame = pd.read_csv(hillstrom_csv).head(12)
    frame.insert(0, "customer", [f"{k:05d}" for k in range(12)])
    frame.to_csv(source, index=False)
    here(
        *("score", "--in", source, "--out", out, "--models", hillstrom_model, "--id_col", "customer"),
        "--all",
    )
    assert sorted(pd.read_csv(out, dtype=str)["row_id"]) == [f"{k:05d}" for k in range(12)]


def test_progress_is_json_lines_where_a_program_asks_for_it(
    persuadable, hillstrom_csv, hillstrom_model, tmp_path
):
    done = persuadable(
        *("score", "--in", hillstrom_csv, "--out", tmp_path / "o.csv", "--models", hillstrom_model),
        *("--progress", "json"),
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    shares = [line["share"] for line in lines]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(line["step"] for line in lines)
    silent = persuadable(
        *("score", "--in", hillstrom_csv, "--out", tmp_path / "o.csv", "--models", hillstrom_model),
        check=True,
    )
    assert silent.stderr == ""


def test_evaluate_on_the_training_campaign_measures_only_held_out_customers(
    persuadable, hillstrom_csv, hillstrom_model, tmp_path
):
    done = persuadable(
        *("evaluate", "--in", hillstrom_csv, "--models", hillstrom_model, "--out", tmp_path / "e"), check=True
    )
    assert "16,000 customers held out of the campaign" in done.stdout
    deciles = pd.read_csv(tmp_path / "e" / "deciles.csv")
    assert deciles["customers"].sum() == 16_000
    assert (deciles["lo"] < deciles["hi"]).all()
