"""A plan's report: what it is worth, how far from the best it can be, and what each condition costs. JSON-
safe.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from core.advice.conditions import kept_out_words
from core.advice.contact_plans import baseline_words, gap_words, price_words
from core.policy.baselines import Baseline, baselines
from core.policy.customer_rules import RuleUse, solved_without
from core.policy.plan import Plan
from core.policy.shadow import Changed, Frontier, LimitUse, frontier, probe
from core.policy.zoom import Checkpoint


@dataclass(frozen=True)
class PlanReport:
    """A plan beside what it was compared with."""

    plan: Plan
    limits: tuple[LimitUse, ...]
    rules: tuple[RuleUse, ...]
    baselines: tuple[Baseline, ...]
    frontier: Frontier | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, money in the installation's currency, in a fixed order."""
        plan, solution = self.plan, self.plan.solution
        formulation = plan.formulation
        scenario = formulation.scenario
        actions = solution.problem.actions
        return {
            "scenario": {"margin": scenario.margin, "value": scenario.value, "cost": scenario.cost},
            "constraints": formulation.constraints.as_dict(),
            "customers": formulation.offers.customers,
            "left_out": {why.lower(): number for why, number in plan.left_out.items()},
            "contacts": plan.contacts,
            "contacts_asked": formulation.constraints.topn,
            "contacts_that_pay": plan.paying,
            "customers_contacted": plan.reached,
            "actions": {
                action: {
                    "contacts": int(solution.choice[k].sum()),
                    "cost": float(formulation.problem.rows.cost[k][solution.choice[k]].sum()),
                    "expected_profit": float(formulation.expected[k][solution.choice[k]].sum()),
                }
                for k, action in enumerate(actions)
            },
            "expected_revenue": plan.expected_revenue,
            "expected_cost": plan.cost,
            "expected_profit": plan.expected_profit,
            "optimum": {
                "value": solution.value,
                "bound": solution.bound,
                "gap": solution.gap,
                "gap_money": solution.gap_money,
                "words": gap_words(solution.gap_money, solution.gap),
            },
            "limits": [_limit(use, plan.cost) for use in self.limits],
            "rules": [_rule(use) for use in self.rules],
            "baselines": [_baseline(plan, baseline) for baseline in self.baselines],
            "frontier": None if self.frontier is None else _frontier(self.frontier),
        }


def plan_report(plan: Plan, checkpoint: Checkpoint = lambda: None) -> PlanReport:
    """Compare the plan: what `tried_report` tries, simple rules, the budget frontier."""
    tried = tried_report(plan, checkpoint)
    others = baselines(plan.solution.problem)
    return replace(
        tried, baselines=others, frontier=frontier(plan.solution, plan.limits, checkpoint=checkpoint)
    )


def plain_report(plan: Plan) -> PlanReport:
    """The plan's own figures: nothing is solved again."""
    return PlanReport(plan, plan.limits, plan.rules, (), None)


def tried_report(plan: Plan, checkpoint: Checkpoint = lambda: None) -> PlanReport:
    """The plan with its limits a tenth tighter and looser, and without each rule about customers."""
    limits = probe(plan.solution, plan.limits, checkpoint)
    rules = solved_without(plan.formulation, plan.solution, plan.rules, checkpoint)
    return PlanReport(plan, limits, rules, (), None)


def _limit(use: LimitUse, cost: float) -> dict[str, Any]:
    return {
        "key": use.limit.key,
        "words": use.limit.words,
        "sense": use.limit.sense,
        "limit": use.amount,
        "used": use.used,
        "slack": use.slack,
        "binding": use.binding,
        "price": use.price,
        "price_words": price_words(use, cost),
        "best_effort": use.limit.best_effort,
        "missed": use.missed,
        "tenth_less": _changed(use.less),
        "tenth_more": _changed(use.more),
    }


def _rule(use: RuleUse) -> dict[str, Any]:
    return {
        "key": use.key,
        "words": use.words,
        "customers": use.customers,
        "paying": use.paying,
        "shared": use.shared,
        "binding": use.binding,
        "gain": use.gain,
        "gain_words": kept_out_words(use),
    }


def _changed(changed: Changed | None) -> dict[str, Any] | None:
    if changed is None:
        return None
    return {"limit": changed.amount, "profit": changed.profit, "gain": changed.gain}


def _baseline(plan: Plan, baseline: Baseline) -> dict[str, Any]:
    short = plan.solution.value - baseline.total.profit
    return {
        "name": baseline.name,
        "profit": baseline.total.profit,
        "short": short,
        "missed_minimums": list(baseline.broken),
        "words": baseline_words(baseline.name, short, plan.solution.value, len(baseline.broken)),
    }


def _frontier(found: Frontier) -> dict[str, Any]:
    return {
        "budget": found.budget.tolist(),
        "profit": found.profit.tolist(),
        "price": found.price.tolist(),
        "current": found.current,
    }
