"""What is said of customer values once they are there: on the page, in a pack, and where they are used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core import advice
from core.clv import words
from core.clv.tiers import TierTable

LIFETIMES = (
    "The package lifetimes is an independent implementation of the same models. It fits "
    "them to these customers anew, starting close to our result; its parameters, likelihood and predictions "
    "then stand beside ours. On hundreds of thousands of customers it takes minutes, so it is asked only on "
    "request."
)
USE = (
    "Join them to a campaign or an audience by customer id. It becomes a data set of its own; yours stays as "
    "it is."
)
WHICH_AUDIENCE = (
    "The campaign in the link, or one this browser has seen. Another: upload it on the Data page and come "
    "back."
)
JOINED = "{name}, {what}"
JOINED_AS = {"report": "with values", "weight": "weighed by value", "feature": "with values to learn from"}
JOINED_NEXT = {
    "report": "Its contact pack has a sheet of value tiers against uplift deciles.",
    "weight": (
        "The column w is a customer's value ÷ the mean value, 1 where there is none; a plan that weighs by "
        "it prefers valuable customers."
    ),
    "feature": "Train on it: the values are among the columns to learn from.",
}
NO_COMMON_IDS = (
    "The campaign in the link and these orders have no customer id in common: "
    "value and uplift cannot be set against each other."
)

NO_OWN_IDS = (
    "The campaign in the link has no column of customer ids: with one that holds the ids of these orders, "
    "value and uplift could be set against each other here."
)
ID_COLUMN = "Compared as text; leading zeros count."
NO_ID_COLUMN = (
    "No column here has an id of its own for every customer. To join, the campaign's file needs one with the "
    "ids that the orders have."
)


def verdict(report: Mapping[str, Any]) -> advice.Verdict:
    """What the page opens with. report: Analysis.as_dict."""
    orders, value, horizon = report["total_orders"], report["total_value"], report["settings"]["horizon"]
    if orders is None:
        reason = report["model"]["undetermined"]
        return advice.Verdict(words.undetermined(horizon), reason, words.NO_FORECAST, "unsure")
    worth = f" worth {advice.money(value['value'])} today" if value else ""
    decision = (
        f"Expect {advice.count(orders['value'])} repeat orders{worth} "
        f"from {advice.count(report['customers'])} customers in the next {words.days(horizon)}"
    )
    between = f"{advice.count(orders['lo'])} to {advice.count(orders['hi'])} orders"
    if value:
        between += f", {advice.money(value['lo'])} to {advice.money(value['hi'])}"
    comparison = (
        f"90 % interval: {between}. On average the chance that someone is still a customer is "
        f"{advice.percent(report['mean_p_alive'], 0)}."
    )
    if report["residual_value"] is not None:
        comparison += f" All they will ever order is worth {advice.money(report['residual_value'])} today."
    if value and (other := words.other_currency(report.get("currency_of_file", ""))):
        comparison += f" {other}"
    validation = report["validation"]
    if validation is None:
        return advice.Verdict(decision, comparison, "Not checked: the data are too short for that.", "unsure")
    score = next(s for s in validation["scores"] if s["model"] == report["model"]["model"])
    between = score["interval"]
    told = words.checked(score["predicted"], validation["actual_orders"], validation["holdout_days"])
    if between is None:
        return advice.Verdict(decision, comparison, f"{told} {words.NOT_ON_THESE}", "unsure")
    inside = between["lo"] <= validation["actual_orders"] <= between["hi"]
    return advice.Verdict(decision, comparison, told, "act" if inside else "unsure")


def told_plainly(fit: Mapping[str, Any]) -> str:
    """What the parameters mean together, in words for people. fit: Fitted.as_dict.

    Means over customers: the order rate r ÷ alpha, the chance of leaving a ÷ (a + b), the median stay
    beta · (2^(1/s) − 1), the amount p · v ÷ (q − 1). Why they mean nothing, where nothing is determined.
    """
    if fit.get("undetermined"):
        return str(fit["undetermined"])
    at = dict(zip(fit["names"], fit["values"], strict=True))
    if fit["model"] == "gamma-gamma":
        if at["q"] <= 1:
            return words.NO_MEAN.format(q=at["q"])
        return f"An order is worth {advice.money(at['p'] * at['v'] / (at['q'] - 1), cents=True)} on average."
    days = 7 if fit["unit"] == "week" else 1
    rate = at["r"] / at["alpha"] * 365.25 / days
    pace = f"While they stay, customers order {rate:.1f} times a year on average"
    if fit["model"] == "pareto-nbd":
        # 2^(1/s) is beyond a float for s below .001; long before that hardly anyone leaves
        half = at["beta"] * (2 ** (1 / max(at["s"], 1e-2)) - 1) * days
        if half > 36_525:
            return f"{pace}; hardly anyone leaves."
        return f"{pace}; half of them have left after {advice.count(half)} days."
    when = "a repeat order" if fit["model"] == "bg-nbd" else "an order, the first included"
    return f"{pace}; after {when} {advice.percent(at['a'] / (at['a'] + at['b']))} of them leave."


def assumption(found: Mapping[str, Any]) -> str:
    """The three checks of the spend model's assumption. found: Dependence.as_dict."""
    verdict = (
        "unrelated, as the model assumes" if found["holds"] else "related, which the model does not know"
    )
    return (
        f"How often and how much people order is {verdict}: correlation {advice.signed(found['pearson'], 2)} "
        f"(Pearson), {advice.signed(found['spearman'], 2)} (ranks), {advice.signed(found['log_log'], 2)} "
        f"(logarithms), over {words.people(found['customers'])}."
    )


def best_of_both(found: TierTable) -> str:
    """Whether the valuable customers are the ones a contact changes."""
    are = "customer is" if found.best == 1 else "customers are"
    chance = f"{found.by_chance:.1f}" if found.by_chance < 10 else advice.count(found.by_chance)
    return (
        f"{advice.count(found.best)} {are} in the best tenth of both value and uplift; by chance it would be "
        f"{chance}"
    )


def tier(number: int, mean: float, *, in_money: bool) -> str:
    """A value tier and what its customers are worth on average."""
    if math.isnan(mean):
        return f"Tier {number}"
    return f"Tier {number}: {worth(mean, in_money=in_money)} on average"


def worth(mean: float, *, in_money: bool) -> str:
    """What a customer is worth: money, or orders where the file has no amounts."""
    return advice.money(mean) if in_money else f"{mean:.1f} orders"


def repeats(number: float) -> str:
    """'1 repeat order', '12 repeat orders'."""
    return f"{advice.count(number)} repeat order{'' if number == 1 else 's'}"
