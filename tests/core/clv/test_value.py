"""Values and their intervals: identities, limits, and plain values that survive a file."""

from __future__ import annotations

import io
import json

import joblib
import numpy as np
import pytest

from core.clv.customers import Customers
from core.clv.fitted import Fitted
from core.clv.orders import MONTH, YEAR, months
from core.clv.purchase import MODELS, fit
from core.clv.spending import spending
from core.clv.transactions import Transactions
from core.clv.value import tiers, values


@pytest.mark.parametrize("model", list(MODELS))
def test_value_without_a_discount_is_orders_times_spend(cdnow_customers: Customers, model: str) -> None:
    found = values(
        cdnow_customers, fit(cdnow_customers, model), spending(cdnow_customers),
        horizon=400, discount=0, intervals=False,
    )  # fmt: skip
    assert found.clv is not None and found.spend is not None
    assert found.clv == pytest.approx(found.orders * found.spend)


def test_a_month_is_discounted_from_its_end(cdnow_customers: Customers) -> None:
    """Oracle: the sum written out, with a model call for each month."""
    found, amounts = fit(cdnow_customers), spending(cdnow_customers)
    total = np.zeros(len(cdnow_customers))
    before = np.zeros(len(cdnow_customers))
    for end in (MONTH, 2 * MONTH, 75.0):
        so_far = values(cdnow_customers, found, amounts, horizon=end, discount=0, intervals=False).clv
        assert so_far is not None
        total += (so_far - before) / 1.15 ** (end / YEAR)
        before = so_far
    direct = values(cdnow_customers, found, amounts, horizon=75, discount=0.15, intervals=False).clv
    assert direct == pytest.approx(total, rel=1e-10)
    assert months(75.0).tolist() == pytest.approx([MONTH, 2 * MONTH, 75.0])


def test_the_residual_value_is_the_limit_of_long_horizons(cdnow_customers: Customers) -> None:
    """DERT discounts continuously; with months' ends the finite horizon stays a little below."""
    found = values(
        cdnow_customers, fit(cdnow_customers, "pareto-nbd"), spending(cdnow_customers),
        horizon=80 * YEAR, discount=0.15, intervals=False,
    )  # fmt: skip
    assert found.residual is not None and found.clv is not None
    ratio = found.clv.sum() / found.residual.sum()
    assert 0.98 < ratio < 1.0


def test_iso_value_curves_bend_back(cdnow_customers: Customers) -> None:
    """Fader, Hardie & Lee (2005), "RFM and CLV", 15 % a year: their iso-value curves bend back, so that after
    a long silence more orders are worth less; with a recent order more are worth more."""
    from core.clv.residual import residual_orders

    found = fit(cdnow_customers, "pareto-nbd")
    model, rate = MODELS["pareto-nbd"], np.log(1.15) / 52.18
    T = np.full(4, 38.86)
    x, t_x = np.array([1.0, 7.0, 1.0, 7.0]), np.array([10.0, 10.0, 35.0, 35.0])
    value = model.p_alive(found.params, x, t_x, T) * residual_orders(found.params, x, T, rate)
    assert value[1] < value[0]
    assert value[3] > 3 * value[2]


@pytest.mark.parametrize("model", list(MODELS))
def test_intervals_hold_their_estimate_and_p_alive_is_a_probability(
    cdnow_customers: Customers, model: str
) -> None:
    found = values(cdnow_customers, fit(cdnow_customers, model), spending(cdnow_customers), horizon=273)
    assert (
        found.alive_ends and found.order_ends and found.clv_ends and found.total_orders and found.total_value
    )
    low, high = found.alive_ends
    assert ((low <= found.alive + 1e-12) & (found.alive <= high + 1e-12)).all()
    assert (low >= 0).all() and (high <= 1).all()
    if model == "bg-nbd":
        once = cdnow_customers.orders == 0
        assert (found.alive[once] == 1).all() and (low[once] == 1).all()
        assert any("by construction" in note for note in fit(cdnow_customers, model).notes)
    assert (found.order_ends[0] <= found.order_ends[1]).all()
    assert (found.clv_ends[0] <= found.clv_ends[1]).all()
    # 90 %: about a tenth of customers lie outside, most of them because nothing may come at all
    assert found.total_orders.lo < 1882 < found.total_orders.hi or model != "pareto-nbd"
    assert found.total_value.lo < found.total_value.value < found.total_value.hi


def test_customers_intervals_hold_what_they_then_did(cdnow_lines: Transactions) -> None:
    """Promise: 90 % intervals hold at least 88 % of what came (counts are whole: they hold more)."""
    from core.clv.holdout import split
    from tests.core.clv.conftest import CDNOW_END

    parts = split(cdnow_lines, CDNOW_END, "week")
    found = values(
        parts.calibration,
        fit(parts.calibration, "pareto-nbd"),
        spending(parts.calibration),
        horizon=parts.days,
    )
    assert found.order_ends is not None
    inside = (found.order_ends[0] <= parts.orders) & (parts.orders <= found.order_ends[1])
    assert 0.88 < inside.mean() < 0.99


def test_predictions_are_the_same_every_time(cdnow_customers: Customers) -> None:
    found, amounts = fit(cdnow_customers), spending(cdnow_customers)
    first, second = (values(cdnow_customers, found, amounts).to_frame() for _ in range(2))
    assert first.equals(second)


def test_the_table_is_sorted_by_value_and_says_until_when(cdnow_customers: Customers) -> None:
    table = values(cdnow_customers, fit(cdnow_customers), spending(cdnow_customers)).to_frame()
    assert table["clv"].is_monotonic_decreasing
    assert table["computed_until"].unique().tolist() == ["1997-09-30"]
    assert table["customer_id"].str.len().eq(5).all()
    assert table.groupby("value_tier").size().iloc[0] == 236


def test_equal_values_share_the_better_tier() -> None:
    assert tiers(np.array([5.0, 5.0, 5.0, 1.0, 0.0])).tolist() == [1, 1, 1, 7, 9]
    assert tiers(np.zeros(30)).tolist() == [1] * 30


def test_fits_survive_json_and_joblib(cdnow_customers: Customers) -> None:
    found = fit(cdnow_customers, "pareto-nbd")
    assert Fitted.from_dict(json.loads(json.dumps(found.as_dict()))) == found
    file = io.BytesIO()
    joblib.dump(found, file)
    assert joblib.load(file) == found


def test_sigma_points_have_the_fits_mean_and_covariance(cdnow_customers: Customers) -> None:
    """By definition, on the log scale."""
    found = fit(cdnow_customers, "bg-nbd")
    points = np.log(found.points())
    assert points.mean(axis=0) == pytest.approx(np.log(found.params))
    assert np.cov(points.T, bias=True) == pytest.approx(np.array(found.covariance), rel=1e-9)
