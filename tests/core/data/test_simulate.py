"""The simulated campaign looks like Hillstrom's, and its truth is the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from core.data.columns import ids
from core.data.simulate import simulate

ARMS = {"mens": "Mens E-Mail", "womens": "Womens E-Mail"}
PUBLISHED = {  # facts.md: mean visit and spend by arm
    "Mens E-Mail": (0.182757, 1.422617),
    "No E-Mail": (0.106167, 0.652789),
    "Womens E-Mail": (0.151400, 1.077202),
}


@pytest.fixture(scope="module")
def campaign():
    return simulate()


def test_the_same_seed_is_the_same_campaign():
    a, b, c = simulate(1_000, 5), simulate(1_000, 5), simulate(1_000, 6)
    pd.testing.assert_frame_equal(a[0], b[0])
    pd.testing.assert_frame_equal(a[1], b[1])
    assert not a[0].equals(c[0])


def test_arms_have_the_published_means_within_sampling_error(campaign):
    frame, _ = campaign
    for arm, (visit, spend) in PUBLISHED.items():
        here = frame[frame["segment"] == arm]
        assert abs(len(here) - 64_000 / 3) < 4 * np.sqrt(64_000 * 2 / 9)
        for column, mean in (("visit", visit), ("spend", spend)):
            assert abs(here[column].mean() - mean) < 4 * here[column].std() / np.sqrt(len(here))


def test_customers_have_the_published_marginals(campaign, hillstrom_csv):
    """Oracle: the published file, column by column, within 5 standard errors of a share."""
    frame, _ = campaign
    real = pd.read_csv(hillstrom_csv)
    assert frame.columns.tolist() == real.columns.tolist()
    for column in ("recency", "history_segment", "mens", "womens", "zip_code", "newbie", "channel"):
        share = real[column].value_counts(normalize=True)
        made = frame[column].value_counts(normalize=True).reindex(share.index, fill_value=0)
        assert (abs(made - share) < 5 * np.sqrt(2 * share * (1 - share) / len(frame))).all(), column
    assert abs(frame["history"].mean() / real["history"].mean() - 1) < 0.03
    means = (
        frame.groupby("history_segment")["history"].mean() / real.groupby("history_segment")["history"].mean()
    )
    assert (abs(means - 1) < 0.06).all()
    assert ((frame["spend"] > 0) == (frame["conversion"] == 1)).all()
    assert (frame["visit"] >= frame["conversion"]).all()


@pytest.mark.parametrize("outcome", ["visit", "conversion", "spend"])
@pytest.mark.parametrize("arm", ["mens", "womens", "any"])
def test_the_true_mean_uplift_is_what_the_experiment_shows(campaign, outcome, arm):
    """Within 4 standard errors of the difference in means."""
    frame, truth = campaign
    contacted = frame["segment"].isin(ARMS.values()) if arm == "any" else frame["segment"] == ARMS[arm]
    y, z = frame.loc[contacted, outcome], frame.loc[frame["segment"] == "No E-Mail", outcome]
    se = np.sqrt(y.var() / len(y) + z.var() / len(z))
    assert abs(y.mean() - z.mean() - truth[f"uplift_{outcome}_{arm}"].mean()) < 4 * se


def test_the_truth_ranks_customers_as_the_experiment_does(campaign):
    """In the half of customers with the higher true uplift the measured visit uplift is the higher one."""
    frame, truth = campaign
    high = truth["uplift_visit_womens"] > truth["uplift_visit_womens"].median() - 1e-12
    for half, true in ((high, truth[high]), (~high, truth[~high])):
        rows = frame[half]
        y = rows.loc[rows["segment"] == "Womens E-Mail", "visit"]
        z = rows.loc[rows["segment"] == "No E-Mail", "visit"]
        se = np.sqrt(y.var() / len(y) + z.var() / len(z))
        assert abs(y.mean() - z.mean() - true["uplift_visit_womens"].mean()) < 4 * se


def test_without_heterogeneity_everyone_has_the_same_uplift():
    truth = simulate(5_000, heterogeneity=0.0)[1]
    for outcome, arm in ((o, a) for o in ("visit", "spend") for a in ("mens", "womens", "any")):
        assert truth[f"uplift_{outcome}_{arm}"].std() < 1e-12


def test_without_effect_no_mail_changes_anything():
    truth = simulate(5_000, effect=0.0)[1].drop(columns="row_id")
    assert truth.abs().to_numpy().max() < 1e-12


def test_rows_below_one_are_refused():
    with pytest.raises(ValueError, match="at least 1"):
        simulate(0)


def test_the_truth_names_the_rows_as_an_audience_without_ids_does(campaign):
    frame, truth = campaign
    assert ids(frame, None)[0].tolist() == truth["row_id"].tolist()
