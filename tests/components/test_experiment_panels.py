"""What the pages show of an experiment is what the engines found: trees and figures, without a browser."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from components.answer_box import answer_parts
from components.calibration_figure import calibration_figure, calibration_finding
from components.design_figure import design_figure, design_rows
from components.design_form import FIELDS, design_form, lacking, query_of, shown_values
from components.health_panel import health_panel, health_waiting
from components.qini_figure import qini_figure, qini_finding
from components.why_panel import why_panels
from core import advice
from core.data.examples import simulate
from core.data.schema import Roles
from core.estimate import Estimate
from core.plan import Plan
from core.uplift.experiment import experiment
from core.uplift.gain import GainCurve
from core.uplift.health import health
from core.uplift.health_report import HealthReport
from core.uplift.training import train
from core.uplift.verdict import verdict
from core.uplift.why import Why, why

CURVE = GainCurve(
    share=np.array([0.0, 0.25, 0.5, 1.0]),
    gain=np.array([0.0, 0.3, 0.4, 0.35]),
    se=np.array([0.0, 0.1, 0.1, 0.15]),
    gap_se=np.array([0.15, 0.1, 0.1, 0.0]),
    critical=2.5,
    customers=1000,
)


def text(part: Any) -> str:
    """Everything that is written in a component."""
    return json.dumps(part, default=lambda o: o.to_plotly_json(), ensure_ascii=False).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def campaign():
    frame, _ = simulate(rows=6000, seed=3)
    return experiment(frame, Roles("segment", "No E-Mail", "visit", drop=("spend", "conversion")))


@pytest.fixture(scope="module")
def reasons(campaign) -> Why:
    found = why(train(campaign, "t-rf", test_size=0.5), campaign)
    assert found is not None
    return Why.from_dict(json.loads(json.dumps(found.as_dict(), allow_nan=False)))


def test_every_finding_is_shown_with_its_severity_and_what_to_do(campaign):
    report = HealthReport.of(health(campaign, (0.5, 0.5)))
    kept = HealthReport.from_dict(json.loads(json.dumps(report.as_dict(), allow_nan=False)))
    assert kept == report
    assert kept.blocked
    shown = text(health_panel(kept))
    for finding in kept.findings:
        assert json.dumps(finding.sentence, ensure_ascii=False)[1:-1].replace(" %", " %") in shown
        assert finding.action in shown
        assert finding.severity in shown


def test_the_place_of_the_findings_says_whether_they_come_or_a_role_is_missing():
    assert "are being examined" in text(health_waiting(examining=True))
    assert "as soon as treatment, control and outcome are chosen" in text(health_waiting(examining=False))


def test_the_curve_is_drawn_through_the_measured_points_and_the_band_holds_them():
    drawing = qini_figure(CURVE, binary=False)
    curve = next(trace for trace in drawing.data if trace.uid == "measured")
    np.testing.assert_allclose(curve.y, CURVE.gain)
    random = next(trace for trace in drawing.data if trace.uid == "everyone")
    assert tuple(random.y) == (0.0, 0.35)


@pytest.mark.parametrize(
    ("qini", "words"),
    [
        (Estimate.normal(0.2, 0.05), "beats a random one"),
        (Estimate.normal(0.02, 0.05), "cannot be told from"),
        (Estimate.normal(-0.2, 0.05), "worse than a random one"),
    ],
)
def test_the_finding_of_the_curve_follows_its_interval(qini, words):
    assert words in qini_finding(qini)


@pytest.mark.parametrize(
    ("slope", "words"),
    [
        (Estimate.normal(1.0, 0.1), "as large as predicted"),
        (Estimate.normal(0.4, 0.1), "smaller than predicted"),
        (Estimate.normal(0.1, 0.2), "not confirmed"),
        (None, "the same for everyone"),
    ],
)
def test_the_finding_of_the_calibration_follows_the_slope(slope, words):
    assert words in calibration_finding(slope)


def test_calibration_shows_each_tenth_at_its_prediction():
    table = pd.DataFrame(
        {
            "decile": np.arange(1, 11),
            "predicted_uplift": np.linspace(1, -1, 10),
            "measured_uplift": np.linspace(2, -2, 10),
            "lo": np.linspace(1, -3, 10),
            "hi": np.linspace(3, -1, 10),
        }
    )
    points = next(t for t in calibration_figure(table, binary=False).data if t.uid == "measured")
    np.testing.assert_allclose(points.x, table["predicted_uplift"])
    np.testing.assert_allclose(points.y, table["measured_uplift"])


def test_the_answer_stands_beside_the_claim(campaign):
    model = train(campaign, "t-ridge", test_size=0.5)
    assert model.evidence is not None
    found = verdict(model.evidence, 0.3, 0.01, 1.0)
    shown = text(answer_parts(found))
    assert advice.money(found.claim.predicted) in shown.replace("\u2060", "")


def test_why_names_features_rules_and_bounds(reasons, campaign):
    shown = text(why_panels(reasons, binary=True))
    assert {str(f) for f in reasons.importance["feature"]} <= set(campaign.features.columns)
    assert str(reasons.importance["feature"].iloc[0]) in shown
    assert str(reasons.tree.rules[0].conditions[0]) in shown
    for group in ("Persuadables", "Sure things", "Lost causes", "Do not disturb"):
        assert group in shown


def test_one_score_for_all_is_not_explained(reasons):
    level = Why(reasons.importance.iloc[:0], reasons.profile.iloc[:0], reasons.tree, reasons.groups)
    assert "no ranking to explain" in text(why_panels(level, binary=True))


@pytest.mark.parametrize("plan", [Plan(), Plan("amount", effect=0.5, holdout=0.2, customers=900)])
def test_the_design_form_gives_back_the_plan_it_shows(plan):
    assert Plan.stated_by(query_of(plan.kind, shown_values(plan))) == plan
    assert all(f'"plan-{name}"' in text(design_form(plan)) for name in FIELDS)
    assert lacking(plan.kind, shown_values(plan)) is None
    assert lacking(plan.kind, shown_values(plan) | {"effect": None}) == "effect"


def test_the_design_figure_marks_the_customers_needed():
    solution = Plan(customers=9000).solved()
    marked = {
        trace.uid: (trace.x[0], trace.y[0]) for trace in design_figure(solution).data if len(trace.x) == 1
    }
    assert marked["best"] == (solution.customers, 0.8)
    assert marked["current"][0] == 9000
    needed = [int(row[1].replace(",", "")) for row in design_rows(solution)]
    assert needed == sorted(needed, reverse=True)
