"""CDNOW, one-tenth sample, 39 + 39 weeks: what the literature printed, found again from the raw orders.

Fader, Hardie & Lee (2005), tables 1 and 2; Fader & Hardie (2013), note 025; MBG/NBD as lifetimes finds it.
Standard errors stand in test_precision.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from core.clv.customers import Customers
from core.clv.purchase import MODELS, bootstrap, fit
from core.clv.spending import spending
from core.clv.transactions import Transactions
from core.clv.validation import Validation, validate
from core.clv.verify import verify
from tests.core.clv.conftest import CDNOW_END


@pytest.fixture(scope="module")
def validation(cdnow_lines: Transactions) -> Validation:
    return validate(cdnow_lines, at=CDNOW_END, unit="week")


def test_the_sample_has_the_published_customers(cdnow_customers: Customers) -> None:
    assert len(cdnow_customers) == 2357
    assert int(cdnow_customers.orders.sum()) == 2457
    assert int((cdnow_customers.orders > 0).sum()) == 946


@pytest.mark.parametrize(
    ("model", "values", "likelihood"),
    [
        ("bg-nbd", (0.24259, 4.4136, 0.79292, 2.4259), -9582.4292),
        ("pareto-nbd", (0.5533, 10.578, 0.6062, 11.669), -9594.976),
        ("mbg-nbd", (0.5248, 6.1831, 0.8914, 1.6140), -9582.136),
    ],
)
def test_parameters_and_likelihoods_are_the_published_ones(
    cdnow_customers: Customers, model: str, values: tuple[float, ...], likelihood: float
) -> None:
    found = fit(cdnow_customers, model)
    assert found.values == pytest.approx(values, rel=1e-4)
    assert found.log_likelihood == pytest.approx(likelihood, abs=1e-3)
    assert found.converged and not found.loose


def test_gamma_gamma_is_the_published_one(cdnow_customers: Customers) -> None:
    found = spending(cdnow_customers).fit
    assert found is not None and found.customers == 946
    assert found.values == pytest.approx((6.25, 3.744, 15.44), rel=1e-3)
    assert found.log_likelihood == pytest.approx(-4055.9177, abs=1e-3)


def test_the_holdout_is_predicted_as_measured_before(validation: Validation) -> None:
    scores = {score.model: score for score in validation.scores}
    assert (validation.actual, validation.customers) == (1882, 2357)
    bg, pareto = scores["bg-nbd"], scores["pareto-nbd"]
    assert (bg.predicted, bg.mae, bg.rmse) == pytest.approx((1653.4, 0.7855, 1.608), rel=1e-4)
    assert (pareto.predicted, pareto.mae, pareto.rmse) == pytest.approx((1665.5, 0.7545, 1.603), rel=1e-4)
    assert scores["naive-rate"].rmse == pytest.approx(2.212, rel=1e-4)
    assert scores["zero"].mae == pytest.approx(0.7985, rel=1e-4)
    assert bg.value == pytest.approx(59_932, rel=1e-4)
    assert validation.actual_value == pytest.approx(70_976, rel=1e-4)
    assert bg.value_capture == pytest.approx(0.502, abs=5e-4)


def test_conditional_expectations_by_frequency_are_the_published_ones(validation: Validation) -> None:
    table = validation.by_frequency
    actual = (0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359)
    bg = (0.225, 0.523, 1.044, 1.520, 2.164, 2.654, 3.504, 6.157)
    pareto = (0.138, 0.599, 1.196, 1.714, 2.398, 2.907, 3.819, 6.403)
    assert table["frequency"].tolist() == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert int(table["customers"].sum()) == 2357
    for name, values in {"actual": actual, "bg-nbd": bg, "pareto-nbd": pareto}.items():
        assert table[name].to_numpy() == pytest.approx(values, abs=6e-4), name


def test_tracking_ends_where_the_paper_does(validation: Validation) -> None:
    last = validation.weeks.iloc[-1]
    assert last["week"] == 78
    assert last["actual_cumulative"] == 4339
    assert last["bg-nbd_cumulative"] == pytest.approx(4165.7, abs=0.1)
    assert last["pareto-nbd_cumulative"] == pytest.approx(4275.4, abs=0.1)


def test_only_the_interval_with_chance_in_it_reaches_the_actual_orders(validation: Validation) -> None:
    """95 %, parameters alone: 1504 to 1784 (facts); the actual 1,882 needs the chance of what people do."""
    import statistics

    interval = validation.scores[0].interval
    assert interval is not None
    z = statistics.NormalDist().inv_cdf(0.975)
    assert interval.value - z * interval.se < 1504
    assert interval.value + z * interval.se > 1840


@pytest.mark.parametrize("model", list(MODELS))
def test_lifetimes_agrees_and_never_has_the_higher_likelihood(cdnow_customers: Customers, model: str) -> None:
    """Oracle: lifetimes 0.11.3, an independent implementation, started beside our optimum."""
    amounts = spending(cdnow_customers)
    assert amounts.fit is not None
    for found in verify(cdnow_customers, fit(cdnow_customers, model), 273, amounts.fit):
        assert found.agrees(0.002)
        assert found.likelihood_ours >= found.likelihood_theirs - 1e-6
        assert found.parameter_difference < 0.01


def test_bootstrap_errors_agree_with_the_hessian(cdnow_customers: Customers) -> None:
    """Two independent roads to one number; 60 samples know a standard error to about 10 %."""
    found = fit(cdnow_customers, "bg-nbd")
    rows, _ = cdnow_customers.rows()
    drawn = np.array([sample.values for sample in bootstrap(rows, found, draws=60, seed=3)])
    assert np.log(drawn).std(axis=0) == pytest.approx(
        [se / value for se, value in zip(found.se, found.values)], rel=0.35
    )


def test_days_and_weeks_tell_the_same(cdnow_lines: Transactions) -> None:
    """The unit of time moves into alpha and nowhere else."""
    from core.clv.customers import customers
    from core.clv.value import values

    predictions = []
    for unit in ("day", "week"):
        known = customers(cdnow_lines, CDNOW_END, unit)  # type: ignore[arg-type]
        found = fit(known, "pareto-nbd")
        predictions.append(values(known, found, spending(known), horizon=200, intervals=False))
    assert predictions[0].clv == pytest.approx(predictions[1].clv, rel=1e-5)
    assert predictions[0].residual == pytest.approx(predictions[1].residual, rel=1e-5)
