"""Every sentence about customer value that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from core import advice
from core.clv.amounts import same_currency
from core.estimate import Estimate
from core.settings import currency

if TYPE_CHECKING:  # the values these sentences are about use words themselves
    from core.clv.fitted import Fitted
    from core.clv.ledger import LedgerLine
    from core.clv.verify import Comparison

NOT_CONVERGED = "The search for the best parameters did not settle; take the numbers as rough."
ONE_TIME = (
    "BG/NBD counts every customer with a single order as still active, by construction: "
    "their p(alive) of 100 % is not a finding."
)
ONE_CUSTOMER = "There is one customer only: a model of how customers differ needs many."
OTHER_ID = "choose the column that holds the customers' ids"
NO_REPEAT = (
    "Nobody ordered on more than one day: these data cannot tell how often customers come back, "
    "nor when they leave."
)
NO_TIME = "Every first order is on the last day of observation: nobody has had time to return."
NO_SPEND = "The file has no amounts: orders are predicted, values are not."
NETTED = "Taken from the order they cancel where one was found."
FREE_ORDERS = "Kept: an order for nothing is an order."
NOTHING_PAID = "No order has an amount above 0."
SIGNED = "currency sign {sign}"
SIGN_OFF = "Taken off."
LATE_END = "The observation ends on {end}, in the future: nobody can know yet who orders until then."
SILENT_END = (
    "The last order is {days} days before the end of observation: if orders of these days are missing, "
    "customers seem to have left who have not."
)
PACE = "how often customers order"
LEAVING = "how readily they leave"
TOO_FEW_REPEAT = (
    "Only {customers} ordered more than once; {parameters} parameters need about {needed} who did before "
    "they are more than a description of these few."
)
UNKNOWN_RATES = "The orders do not determine {rates}: rates many times as high or as low fit as well."
NO_FORECAST = (
    "No forecast is given: neither orders nor values nor chances of still being a customer, for no interval "
    "around them would hold. A longer period of orders, more customers or another model may tell."
)
NO_BEST = "These data cannot tell which model describes them best, nor which predicts best."
NOT_ON_THESE = "On the days before it alone the parameters are not determined, so no interval is given."
FEW_REPEAT = "Only {customers} ordered more than once: the numbers are rough."
EQUAL_AMOUNTS = (
    "All mean amounts are equal: these data cannot tell how spending differs between customers. "
    "The one amount seen is used for everybody."
)
FEW_SPENDERS = "Amounts of repeat orders are known of {customers} only: the value is not predicted."
NO_MEAN = (
    "The spend model's q is {q:.2f}: with q of 1 or less the mean spend of a new customer does not exist, "
    "so these data cannot tell the value of customers with one order. No values are given."
)
SEASON = (
    "The data cover {days}, less than a year: what belongs to a season is taken for a trend. "
    "A holiday peak inside or outside these days shifts every prediction."
)
HORIZON_SEASON = (
    "The horizon of {days} does not cover whole years: the models know no seasons, so a horizon with a "
    "peak is predicted too low and one without too high."
)
CHECK_SEASON = (
    "The check covers {days}, not a whole year, and came out beside its interval: a season that lies on "
    "one side of the split only, such as the weeks before Christmas, may be why."
)
LONG_HORIZON = (
    "The horizon of {years} is longer than {times:.0f} times the data: it is extrapolation, and "
    "the intervals do not know what will change in that time."
)
CLV_INTERVALS = (
    "The intervals of orders and value are for what each customer will really do: they contain the chance of "
    "the future and the uncertainty of the parameters. Those of p(alive) contain only the latter."
)


UNCHECKED = "The model could not be checked on a holdout: {reason}"
TITLES = {
    "bg-nbd": "BG/NBD",
    "mbg-nbd": "MBG/NBD",
    "pareto-nbd": "Pareto/NBD",
    "gamma-gamma": "Gamma-Gamma",
    "naive-rate": "Everybody goes on as before",
    "zero": "Nobody orders again",
}


def people(number: float) -> str:
    """'1 customer', '2,357 customers'."""
    return f"{advice.count(number)} customer{'' if number == 1 else 's'}"


def ridge(names: Sequence[str], *, predictable: bool = True) -> str:
    """Parameters that can only be told together. predictable: whether predictions are determined all the
    same."""
    one = len(names) == 1
    nothing = "the parameter and its error" if one else "these parameters and their errors"
    told = f"Predictions may still be good; {nothing}" if predictable else nothing.capitalize()
    if one:
        return f"The data do not determine {names[0]}: many values fit equally well. {told} mean nothing."
    listed = ", ".join(names[:-1]) + " and " + names[-1]
    return (
        f"The likelihood is a ridge: the data determine {listed} only together, in the limit where they grow "
        f"without bound. {told} mean nothing. Another model may suit these data better."
    )


def undetermined(horizon: float) -> str:
    """The headline where nothing can be predicted."""
    return f"These data cannot tell how many orders will come in the next {days(horizon)}"


def days(number: float) -> str:
    """'1 day', '365 days'."""
    return f"{number:,.0f} day{'' if round(number) == 1 else 's'}"


def near_one(name: str, value: float) -> str:
    """a or s at the point where the printed formulas divide by zero."""
    return (
        f"{name} is {value:.4f}: the printed formulas divide by {name} − 1. The limit is used, "
        "so the predictions keep their digits."
    )


MODELS = {
    "bg-nbd": "customers order at their own pace, and may leave after any repeat order",
    "mbg-nbd": "customers order at their own pace, and may leave after any order, the first included",
    "pareto-nbd": "customers order at their own pace, and may leave at any time",
    "gamma-gamma": "customers spend their own typical amount, more or less, on every order",
}


def read(lines: int, left: int, customers: int) -> str:
    """The first sentence: what the file held."""
    return (
        f"Read {advice.count(lines)} lines; {advice.count(left)} are left after cleaning, "
        f"from {advice.count(customers)} customers."
    )


def rule(line: LedgerLine) -> str:
    """A rule of the cleaning that took lines, or fits some and says why they stay."""
    note = f" ({line.note.rstrip('.')})" if line.note else ""
    return f"  {line.taken or line.found:>9,}  {line.rule}{note}"


def parameters(fit: Fitted) -> str:
    """The fit in one line, standard errors in brackets."""
    told = ", ".join(
        f"{name} {value:.4g}" + (f" ({se:.2g})" if se is not None else " (not determined)")
        for name, value, se in zip(fit.names, fit.values, fit.se)
    )
    unit = f" Time in {fit.unit}s." if fit.unit else ""
    return (
        f"{TITLES[fit.model]} on {advice.count(fit.customers)} customers: {told}; "
        f"log-likelihood {fit.log_likelihood:,.2f}.{unit}"
    )


def prediction(orders: Estimate | None, value: Estimate | None, horizon: float) -> list[str]:
    """What all customers together will do."""
    told = []
    if orders is not None:
        told.append(
            f"Expect {advice.count(orders.value)} repeat orders in the next {days(horizon)} "
            f"({advice.percent(orders.level, 0)} interval {advice.count(orders.lo)} to "
            f"{advice.count(orders.hi)})."
        )
    if value is not None:
        told.append(
            f"They are worth {advice.money(value.value)} today ({advice.percent(value.level, 0)} interval "
            f"{advice.money(value.lo)} to {advice.money(value.hi)})."
        )
    return told


def other_currency(sign: str) -> str:
    """Beside a worth in money: the file's amounts have another sign than is shown; else empty."""
    if not sign or same_currency(sign, currency()):
        return ""
    return (
        f"The amounts of the file are in {sign}; no rate is applied, so {currency()} here stands for {sign}. "
        f"Set PERSUADABLE_CURRENCY={quote(sign)} to show that."
    )


def checked(predicted: float, actual: int, held_out: int) -> str:
    """The holdout in one sentence."""
    bias = f", {advice.percent(predicted / actual - 1)} off" if actual else ""
    last = "day" if held_out == 1 else days(held_out)
    return (
        f"Checked on the last {last}, which the model had not seen: predicted "
        f"{advice.count(predicted)} repeat orders, {advice.count(actual)} came{bias}."
    )


def preferred(by_likelihood: str | None, by_holdout: str | None) -> str:
    """Which model the data prefer; None where they cannot tell. by_holdout: by RMSE on the days held out."""
    if by_likelihood is None or by_holdout is None:
        return NO_BEST
    least = "has the smallest RMSE of the models on the days held out"
    if by_likelihood == by_holdout:
        return f"{TITLES[by_likelihood]} describes these data best and {least}."
    return (
        f"{TITLES[by_likelihood]} describes the calibration best, {TITLES[by_holdout]} {least}: the choice "
        "of model matters little here, or too little is known to make it."
    )


def otherwise(by_holdout: str | None, scores: Sequence[Mapping[str, Any]]) -> str:
    """By which measure another line of the check is better than the preferred model; empty where by none, or
    where none is preferred.

    scores: of every model and simple rule, with model, rmse and mae, as Validation.as_dict has them.
    """
    if by_holdout is None:
        return ""
    first = next(score for score in scores if score["model"] == by_holdout)
    told = []
    for measure in ("rmse", "mae"):
        least = min(scores, key=lambda score: score[measure])
        if least[measure] < first[measure]:
            told.append(f"By {measure.upper()} “{TITLES[least['model']]}” is closer.")
            if measure == "mae" and least["model"] == "zero":
                told.append(
                    "It is hard to beat by MAE where most customers order nothing, and it finds none who do."
                )
    return " ".join(told)


def comparison(found: Comparison) -> list[str]:
    """Ours beside lifetimes'."""
    sides = "; ".join(
        f"{name} {ours:.6g} | {theirs:.6g}"
        for name, ours, theirs in zip(found.names, found.ours, found.theirs)
    )
    largest = max(found.differences.values())
    untold = f" It gives no number for {advice.count(found.untold)} customers." if found.untold else ""
    verdict = "agrees" if found.agrees() else "DOES NOT AGREE"
    return [
        f"lifetimes {verdict} on {TITLES[found.model]} (ours | theirs): {sides}.",
        f"  log-likelihood {found.likelihood_ours:,.4f} | {found.likelihood_theirs:,.4f}; "
        f"predictions differ by at most {advice.percent(largest, 4)}.{untold}",
    ]


def dependent(spearman: float, slope: float) -> str:
    """The spend model's assumption does not hold."""
    direction = "more" if slope > 0 else "less"
    return (
        f"Customers who order often spend {direction} per order (rank correlation {spearman:.2f}; twice the "
        f"orders go with {advice.percent(2**slope - 1)} more): the spend model assumes that the two are "
        "unrelated, so the value of the most frequent customers is somewhat off."
    )


def matched(found: int, without_value: int, without_audience: int, examples: Sequence[str]) -> str:
    """How an audience and a table of values fit together."""
    told = f"{advice.count(found)} customers have a value"
    if without_value:
        shown = ", ".join(examples)
        more = ", …" if without_value > len(examples) else ""
        told += f"; {advice.count(without_value)} of the audience have none ({shown}{more})"
    if without_audience:
        told += f"; {advice.count(without_audience)} valued customers are not in the audience"
    return told + "."
