"""Bad input gets a clear message or an honest "these data cannot tell", never NaN."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.clv.amounts import money_amounts
from core.clv.analysis import Analysis, ClvSettings, analyse
from core.clv.command import summary
from core.clv.result_words import verdict
from core.errors import DataError, SettingError


def _orders(**columns: object) -> pd.DataFrame:
    """60 customers with one to four orders in 2020, amounts that differ."""
    rng = np.random.default_rng(1)
    lines = []
    for customer in range(60):
        first = rng.integers(0, 200)
        for order in range(1 + customer % 4):
            day = pd.Timestamp("2020-01-01") + pd.Timedelta(days=int(first + 31 * order))
            lines.append((f"{customer:04d}", day.date().isoformat(), f"{rng.gamma(4, 10):.2f}"))
    frame = pd.DataFrame(lines, columns=["customer_id", "date", "amount"], dtype="str")
    return frame.assign(**columns)


def _refused(frame: pd.DataFrame, **settings: object) -> DataError:
    with pytest.raises(DataError) as caught:
        analyse(frame, ClvSettings(**settings))  # type: ignore[arg-type]
    return caught.value


def _finite(found: Analysis) -> None:
    """No NaN and no infinity reaches a page: JSON refuses them, and every predicted column is a number, or
    missing throughout where nothing is determined."""
    json.dumps(found.as_dict(), allow_nan=False)
    frame = found.to_frame().drop(columns="mean_spend", errors="ignore")
    numbers = frame.select_dtypes("number")
    if found.fit.undetermined:
        numbers = numbers.dropna(axis="columns", how="all")
    assert np.isfinite(numbers.to_numpy()).all()


def test_the_plain_case_works() -> None:
    found = analyse(_orders(), ClvSettings(), check=True)
    _finite(found)
    assert found.validation is not None


def test_dates_in_mixed_formats_name_the_row() -> None:
    frame = _orders()
    frame.loc[7, "date"] = "03/25/2020"
    error = _refused(frame)
    assert "more than one format" in str(error)
    assert error.problems[0].row == 9 and error.problems[0].value == "03/25/2020"


def test_day_first_and_month_first_together_are_refused() -> None:
    dates = ["25/03/2020" if i % 2 else "03/25/2020" for i in range(len(_orders()))]
    assert "the day first and dates with the month first" in str(_refused(_orders(date=dates)))


def test_dates_that_could_be_either_are_not_guessed_at() -> None:
    frame = _orders()
    dates = [f"{1 + i % 12:02d}/{1 + i % 9:02d}/2020" for i in range(len(frame))]
    frame = frame.assign(date=pd.Series(dates, dtype="str"))
    assert "day or the month" in str(_refused(frame))
    day_first = analyse(frame, ClvSettings(day_first=True)).customers
    month_first = analyse(frame, ClvSettings(day_first=False)).customers
    assert day_first.end == date(2020, 9, 12) and month_first.end == date(2020, 12, 9)


@pytest.mark.parametrize("written", ["2020-02-30", "soon", "2020-13-01", "0", "1899-12-31", "43831"])
def test_what_is_no_date_names_the_row(written: str) -> None:
    frame = _orders()
    frame.loc[3, "date"] = written
    error = _refused(frame)
    assert error.problems[0].row == 5 and error.problems[0].column == "date"


def test_dates_in_the_future_name_the_row_unless_an_end_is_given() -> None:
    frame = _orders()
    frame.loc[0, "date"] = "2190-05-05"
    error = _refused(frame)
    assert "future" in str(error) and error.problems[0].row == 2
    found = analyse(frame, ClvSettings(observation_end=date(2020, 12, 31)))
    assert found.ledger.lines[-1].taken == 1


def test_mixed_time_zones_are_refused_and_one_is_understood() -> None:
    frame = _orders()
    zoned = frame["date"] + "T23:30:00+01:00"
    assert (
        analyse(frame.assign(date=zoned), ClvSettings()).customers.end
        == analyse(frame, ClvSettings()).customers.end
    )
    mixed = zoned.copy()
    mixed.iloc[4] = mixed.iloc[4].replace("+01:00", "Z")
    assert "time zone" in str(_refused(frame.assign(date=mixed)))
    some = zoned.copy()
    some.iloc[4] = some.iloc[4].removesuffix("+01:00")
    assert "time zone" in str(_refused(frame.assign(date=some)))


def test_one_customer_cannot_tell() -> None:
    frame = _orders(customer_id="0001")
    assert "one customer only" in str(_refused(frame))


def test_nobody_with_a_repeat_order_cannot_tell() -> None:
    """Every customer has exactly one order."""
    frame = _orders().drop_duplicates("customer_id")
    assert "cannot tell how often customers come back" in str(_refused(frame))


def test_repeat_orders_of_one_day_are_one_order() -> None:
    frame = pd.concat([_orders().drop_duplicates("customer_id")] * 2)
    assert "cannot tell how often customers come back" in str(_refused(frame))


def test_all_first_orders_on_the_last_day_cannot_tell() -> None:
    frame = _orders(date="2020-05-01")
    assert "nobody has had time" in str(_refused(frame))


def test_equal_amounts_are_used_as_they_are() -> None:
    found = analyse(_orders(amount="12.50"), ClvSettings(discount=0.0))
    _finite(found)
    assert found.spending.constant == 12.5
    assert found.values.clv == pytest.approx(found.values.orders * 12.5)
    assert any("All mean amounts are equal" in note for note in found.notes)


@pytest.mark.parametrize("amount", ["0", "-3.20", "0.00"])
def test_amounts_that_are_never_positive_are_refused(amount: str) -> None:
    assert "No order has an amount above 0" in str(_refused(_orders(amount=amount)))


def test_a_currency_sign_is_taken_off_and_said() -> None:
    frame = _orders()
    plain = analyse(frame, ClvSettings())
    signed = analyse(frame.assign(amount="£" + frame["amount"]), ClvSettings())
    assert signed.values.clv == pytest.approx(plain.values.clv)
    (line,) = (line for line in signed.ledger.lines if "£" in line.rule)
    assert line.found == len(frame) and line.taken == 0 and line.note == "Taken off."


@pytest.mark.parametrize(
    ("shown", "written", "said"),
    [("€", "$", True), ("$", "$", False), ("€", "EUR ", False), ("€", "", False), ("CHF", "CHF ", False)],
)
def test_another_currency_than_the_one_shown_is_said_beside_the_worth(
    monkeypatch: pytest.MonkeyPatch, shown: str, written: str, said: bool
) -> None:
    monkeypatch.setenv("PERSUADABLE_CURRENCY", shown)
    frame = _orders()
    found = analyse(frame.assign(amount=written + frame["amount"]), ClvSettings())
    lines = summary(found)
    page = verdict(json.loads(json.dumps(found.as_dict()))).comparison
    for text in (" ".join(lines), page):
        assert ("in $; no rate is applied" in text and "PERSUADABLE_CURRENCY='$'" in text) == said
    if said:
        worth = next(i for i, line in enumerate(lines) if "are worth" in line)
        assert "PERSUADABLE_CURRENCY" in lines[worth + 1]


def test_several_currencies_are_refused() -> None:
    frame = _orders()
    signs = np.where(np.arange(len(frame)) % 2, "£", "$")
    assert "several currencies" in str(_refused(frame.assign(amount=pd.Series(signs) + frame["amount"])))


def test_an_amount_that_is_no_number_names_the_row() -> None:
    frame = _orders()
    frame.loc[11, "amount"] = "twelve"
    error = _refused(frame)
    assert error.problems[0].row == 13 and error.problems[0].value == "twelve"


def test_an_end_before_the_first_order_is_refused() -> None:
    assert "before the first order" in str(_refused(_orders(), observation_end=date(2019, 1, 1)))


@pytest.mark.parametrize("horizon", [0.0, -5.0, float("nan"), 1e9])
def test_a_horizon_that_makes_no_sense_is_refused(horizon: float) -> None:
    with pytest.raises(SettingError, match="horizon"):
        analyse(_orders(), ClvSettings(horizon=horizon))


def test_a_horizon_of_fifty_years_is_finite_and_called_what_it_is() -> None:
    found = analyse(_orders(), ClvSettings(horizon=50 * 365.25))
    _finite(found)
    assert any("extrapolation" in note for note in found.notes)


def test_a_discount_of_ten_is_told_the_bound_that_it_meets() -> None:
    with pytest.raises(SettingError, match="is 10; it must be 0 or more, and below 10"):
        analyse(_orders(), ClvSettings(discount=10.0))


@pytest.mark.parametrize("discount", [-0.1, float("inf"), 25.0])
def test_a_discount_rate_that_makes_no_sense_is_refused(discount: float) -> None:
    with pytest.raises(SettingError, match="discount"):
        analyse(_orders(), ClvSettings(discount=discount))


def test_ids_keep_their_leading_zeros() -> None:
    table = analyse(_orders(), ClvSettings()).to_frame()
    assert set(table["customer_id"]) == {f"{i:04d}" for i in range(60)}


def test_a_file_without_amounts_predicts_orders_and_says_so() -> None:
    found = analyse(_orders().drop(columns="amount"), ClvSettings())
    _finite(found)
    assert "clv" not in found.to_frame().columns
    assert any("no amounts" in note for note in found.notes)


def test_a_file_without_a_customer_column_says_which_it_has() -> None:
    error = _refused(_orders().rename(columns={"customer_id": "abc"}))
    assert "--customer" in str(error) and "abc" in str(error)


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SettingError, match="pareto-nbd"):
        analyse(_orders(), ClvSettings(model="crystal-ball"))


@pytest.mark.parametrize("model", ["bg-nbd", "mbg-nbd", "pareto-nbd"])
def test_two_customers_are_fitted_and_the_doubt_is_said(model: str) -> None:
    frame = _orders()[lambda f: f["customer_id"].isin(["0000", "0003"])]
    found = analyse(frame, ClvSettings(model=model))
    _finite(found)
    assert any("rough" in note or "ridge" in note or "determine" in note for note in found.notes)


def test_everybody_ordering_every_month_is_fitted_and_the_doubt_is_said() -> None:
    """Nobody leaves and all are alike: every shape parameter runs away."""
    days = pd.date_range("2020-01-01", periods=12, freq="31D").strftime("%Y-%m-%d")
    lines = [(str(c), day, f"{10 + c}") for c in range(40) for day in days]
    frame = pd.DataFrame(lines, columns=["customer", "date", "amount"], dtype="str")
    for model in ("bg-nbd", "mbg-nbd", "pareto-nbd"):
        found = analyse(frame, ClvSettings(model=model))
        _finite(found)
        assert found.fit.loose


def test_a_column_without_any_date_says_so() -> None:
    assert "holds no dates" in str(_refused(_orders(date=pd.Series([None] * len(_orders()), dtype="str"))))


def test_an_end_in_the_future_is_refused() -> None:
    error = _refused(_orders(), observation_end=date(2190, 1, 1))
    assert "in the future" in str(error) and "2190-01-01" in str(error)


def test_silence_up_to_the_end_is_doubted() -> None:
    found = analyse(_orders(), ClvSettings(observation_end=date(2022, 1, 1)))
    _finite(found)
    assert any("if orders of these days are missing" in note for note in found.notes)
    assert not any("if orders" in note for note in analyse(_orders(), ClvSettings()).notes)


@pytest.mark.parametrize(
    ("form", "worth"), [("{} €", 1234.5), ("€{}", 1234.5), ("EUR {}", 1234.5), ("{}€", -1234.5)]
)
def test_amounts_are_read_as_people_write_them(form: str, worth: float) -> None:
    """1.234,50 € in German, €1,234.50 in English."""
    sign = "-" if worth < 0 else ""
    for written in (f"{sign}1.234,50", f"{sign}1,234.50"):
        frame = pd.DataFrame({"amount": pd.Series([form.format(written)] * 3, dtype="str")})
        values, found = money_amounts(frame, "amount")
        assert values.tolist() == [worth] * 3 and found in ("€", "EUR")


def test_a_comma_that_may_be_either_is_not_guessed_at() -> None:
    with pytest.raises(DataError, match="not a number"):
        money_amounts(pd.DataFrame({"amount": pd.Series(["€1,234"] * 3, dtype="str")}), "amount")


def test_one_repeat_customer_is_one_customer() -> None:
    frame = _orders().drop_duplicates("customer_id")
    again = frame.iloc[[1]].assign(date="2020-08-30")
    found = analyse(pd.concat([frame, again]), ClvSettings())
    _finite(found)
    assert any("Only 1 customer ordered more than once" in note for note in found.notes)
