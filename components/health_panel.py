"""What was found in an experiment: each finding with its severity, the sentence and what to do."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import html

from components import ids
from components.aria import aria
from components.chart import as_table
from components.icons import icon
from components.words import unbroken
from core.advice import count, health_summary, percent
from core.advice.health import EXAMINING, ROLES_MISSING
from core.uplift.finding import Finding
from core.uplift.health_report import HealthReport

_MARKS = {
    "problem": ("exclamation-octagon-fill", "Problem"),
    "warning": ("exclamation-triangle-fill", "Warning"),
    "note": ("info-circle", "Note"),
    "fine": ("check2", "Fine"),
}
HEAD = ("Arm", "Customers", "Share", "Planned", "Mean outcome")


def health_panel(report: HealthReport) -> html.Section:
    """The health of an experiment, most severe first."""
    return html.Section(
        [
            html.H2(health_summary(report.findings, report.blocked), id="health-head"),
            html.Ul([_finding(finding) for finding in report.findings], className="findings"),
            _arms(report),
        ],
        className="panel stack",
        **aria(labelledby="health-head"),
    )


def health_waiting(*, examining: bool) -> html.Section:
    """What stands there while the experiment is examined, or (not examining) while a role is missing."""
    coming = html.Div(className="skeleton", style={"height": "160px"}, **aria(hidden="true"))
    return html.Section(
        [
            html.H2("The health of the experiment"),
            html.P(EXAMINING if examining else ROLES_MISSING, className="muted"),
            coming if examining else None,
        ],
        className="panel stack",
        **aria(busy=str(examining).lower()),
    )


def shares_field(data_id: str) -> html.Div:
    """Where the planned shares of the arms can be stated; the browser remembers them until it is closed."""
    words = "Planned shares of the arms, if you know them"
    return html.Div(
        html.Div(
            [
                html.Label(words, htmlFor=ids.SHARES, className="label"),
                dbc.Input(
                    id=ids.SHARES,
                    type="text",
                    debounce=True,
                    placeholder="control=0.5, mail=0.5",
                    autoComplete="off",
                    persistence=data_id,
                    persistence_type="session",
                ),
                html.P(
                    "What the draw was meant to give; the counts are checked against it.", className="why"
                ),
            ],
            className="planned-shares",
        ),
        className="form-grid",
    )


def _finding(finding: Finding) -> html.Li:
    picture, word = _MARKS[finding.severity]
    return html.Li(
        [
            html.Span([icon(picture), html.Span(word)], className=f"severity {finding.severity}"),
            html.Div(
                [
                    html.P(unbroken(finding.sentence)),
                    html.P(unbroken(finding.action), className="why") if finding.action else None,
                ]
            ),
        ]
    )


def _arms(report: HealthReport) -> html.Details:
    rows: list[tuple[str, ...]] = [
        (
            arm.arm,
            count(arm.customers),
            percent(arm.share),
            "not stated" if arm.planned is None else percent(arm.planned),
            f"{arm.mean_outcome:,.4g}",
        )
        for arm in report.arms
    ]
    return as_table("The arms of the experiment", HEAD, rows)
