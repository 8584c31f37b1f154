"""Running and finished jobs: step, percent, cancel; in the bar of every page and on the page that waits."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import ids
from components.aria import aria, marks
from components.icons import icon
from components.problems import problem_panel
from core.advice import percent
from core.job_records import JobRecord

_ENDED = {
    "done": ("check-circle-fill", "Done"),
    "failed": ("exclamation-octagon-fill", "Failed"),
    "cancelled": ("slash-circle", "Cancelled"),
    "stopped": ("exclamation-octagon-fill", "Stopped"),
}


def job_card(job: JobRecord, *, where: str, result: Any = None) -> html.Div:
    """One job. result: what it offers once it is done. where: keeps two cards of one job apart."""
    seen = marks(job=job.id, state=job.state, kind=job.kind)
    now = html.Div(progress(job), id=ids.progress(job.id, where)) if job.live else _ending(job, result)
    return html.Div([_line(job, where), now], className="job", **seen)


def result_link(href: str, words: str = "See the decision") -> html.Div:
    """To the page of what a job made."""
    return html.Div(
        dcc.Link([f"{words} ", icon("arrow-right")], href=href, className="btn btn-primary result"),
        className="actions",
    )


_FILES = {
    "xlsx": ("file-earmark-spreadsheet", "Excel pack"),
    "md": ("file-text", "Summary (.md)"),
    "csv": ("filetype-csv", "List (.csv)"),
}


def pack_links(pack: str, names: list[str]) -> html.Div:
    """The files of a pack, the workbook first."""
    order = {ending: place for place, ending in enumerate(_FILES)}
    files = sorted(
        (n for n in names if n.rsplit(".", 1)[-1] in _FILES), key=lambda n: order[n.rsplit(".", 1)[-1]]
    )
    links = []
    for place, name in enumerate(files):
        picture, words = _FILES[name.rsplit(".", 1)[-1]]
        kind = "btn-quiet" if place else "btn-primary"
        links.append(
            html.A(
                [icon(picture), words],
                href=f"/api/packs/{pack}/{name}",
                download=name,
                className=f"btn {kind}",
            )
        )
    return html.Div(links, className="actions")


def _line(job: JobRecord, where: str) -> html.Div:
    if job.live:
        right: Any = html.Button(
            ["Cancel", html.Span(f" {job.title}", className="visually-hidden")],
            id=ids.cancel(job.id, where),
            className="btn btn-sm btn-quiet",
        )
    else:
        picture, words = _ENDED[job.state]
        right = html.Span([icon(picture), "\u00a0", words], className="muted small text-nowrap")
    return html.Div([html.Span(job.title, className="fw-semibold"), right], className="line")


def progress(job: JobRecord) -> html.Div:
    """How far a job is. It changes each second; the card around it, with its Cancel, stays as it is."""
    step = job.step or ("Waiting to start" if job.state == "queued" else "Starting")
    return html.Div(
        [
            html.Div(
                html.Div(className="progress-bar", style={"width": f"{job.percent}%"}),
                className="progress",
                role="progressbar",
                **aria(label=job.title, valuenow=str(round(job.percent)), valuemin="0", valuemax="100"),
            ),
            html.Div(
                [html.Span(step), html.Span(job_percent(job), className="percent")],
                className="line small muted",
            ),
        ],
        className="stack-s",
        role="group",
        **aria(label=f"{job.title}: {step}, {job_percent(job)}"),
    )


def _ending(job: JobRecord, result: Any) -> Any:
    if job.state == "done":
        return result or html.P("Done.", className="muted")
    if job.state == "failed":
        csv = f"/api/jobs/{job.id}/problems.csv" if job.problem_count else None
        return problem_panel(job.message, job.problems, total=job.problem_count, csv=csv)
    return html.P(job.message, className="muted")


def job_percent(job: JobRecord) -> str:
    """How far a job is, in one number."""
    return percent(job.percent / 100, 0)


def jobs_button(live: list[JobRecord]) -> list[Any]:
    """What the bar says of running jobs; nothing when there are none."""
    if not live:
        return []
    words = f"{len(live)} jobs running" if len(live) > 1 else f"{live[0].title}"
    return [
        html.Details(
            [
                html.Summary(
                    [
                        icon("hourglass-split"),
                        html.Span(words, className="word"),
                        html.Span(job_percent(live[0]), id=ids.job_percent(live[0].id), className="numbers"),
                    ],
                    className="btn btn-sm btn-quiet",
                    **aria(label=f"Running jobs: {words}"),
                ),
                html.Div([job_card(job, where="bar") for job in live], className="panel stack jobs-list"),
            ]
        )
    ]
