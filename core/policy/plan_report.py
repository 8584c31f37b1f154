"""A plan's report: what it is worth, how far from the best it can be, and what each condition costs. JSON-
safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.advice.contact_plans import baseline_words, gap_words, price_words
from core.policy.baselines import Baseline, baselines
from core.policy.plan import Plan
from core.policy.shadow import Changed, Frontier, LimitUse, frontier, probe
from core.policy.zoom import Checkpoint


@dataclass(frozen=True)
class PlanReport:
    """A plan beside what it was compared with."""

    plan: Plan
    limits: tuple[LimitUse, ...]
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
            "baselines": [_baseline(plan, baseline) for baseline in self.baselines],
            "frontier": None if self.frontier is None else _frontier(self.frontier),
        }


def plan_report(plan: Plan, checkpoint: Checkpoint = lambda: None) -> PlanReport:
    """Compare the plan: limits a tenth tighter and looser, simple rules, the budget frontier."""
    solution = plan.solution
    limits = probe(solution, plan.limits, checkpoint)
    return PlanReport(
        plan, limits, baselines(solution.problem), frontier(solution, plan.limits, checkpoint=checkpoint)
    )


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
