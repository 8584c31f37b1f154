"""Every sentence about customer value that a person reads."""

from __future__ import annotations

from collections.abc import Sequence

NOT_CONVERGED = "The search for the best parameters did not settle; take the numbers as rough."
ONE_TIME = (
    "BG/NBD counts every customer with a single order as still active, by construction: "
    "their p(alive) of 100 % is not a finding."
)
ONE_CUSTOMER = "There is one customer only: a model of how customers differ needs many."
NO_REPEAT = (
    "Nobody ordered on more than one day: these data cannot tell how often customers come back, "
    "nor when they leave."
)
NO_TIME = "Every first order is on the last day of observation: there is no time yet in which anyone could return."
NO_SPEND = "The file has no amounts: orders are predicted, values are not."
FREE_ORDERS = "Kept: an order for nothing is an order."
NOTHING_PAID = "No order has an amount above 0."
FEW_REPEAT = "Only {count} customers ordered more than once: the numbers are rough."
EQUAL_AMOUNTS = (
    "All mean amounts are equal: these data cannot tell how spending differs between customers. "
    "The one amount seen is used for everybody."
)
FEW_SPENDERS = "Only {count} customers have amounts of repeat orders: the value is not predicted."
NO_MEAN = (
    "The spend model's q is {q:.2f}: with q of 1 or less the mean spend of a new customer does not exist, "
    "so these data cannot tell the value of customers with one order. No values are given."
)
SEASON = (
    "The data cover {days} days, less than a year: what belongs to a season is taken for a trend. "
    "A holiday peak inside or outside these days shifts every prediction."
)
HORIZON_SEASON = (
    "The horizon of {days} days does not cover whole years: the models know no seasons, so a horizon with a "
    "peak is predicted too low and one without too high."
)
LONG_HORIZON = (
    "The horizon of {years:.0f} years is longer than {times:.0f} times the data: it is extrapolation, and the "
    "intervals do not know what will change in that time."
)
CLV_INTERVALS = (
    "The intervals of orders and value are for what each customer will really do: they contain the chance of "
    "the future and the uncertainty of the parameters. Those of p(alive) contain the parameters' uncertainty only."
)


def ridge(names: Sequence[str]) -> str:
    """Parameters that can only be told together."""
    if len(names) == 1:
        return (
            f"The data do not determine {names[0]}: many values fit equally well. "
            "Predictions may still be good; the parameter and its error mean nothing."
        )
    listed = ", ".join(names[:-1]) + " and " + names[-1]
    return (
        f"The likelihood is a ridge: the data determine {listed} only together, in the limit where they grow "
        "without bound. Predictions may still be good; these parameters and their errors mean nothing. "
        "Another model may suit these data better."
    )


def near_one(name: str, value: float) -> str:
    """a or s at the point where the printed formulas divide by zero."""
    return (
        f"{name} is {value:.4f}: the printed formulas divide by {name} − 1. The limit is used, "
        "so the predictions keep their digits."
    )
