"""The drop zone. assets/upload.js streams the chosen file to the server; nothing goes through Dash."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from components import ids
from components.aria import aria
from components.icons import icon

ENDINGS = ".csv,.gz,.xlsx,.parquet"


def upload_box(
    limit_mb: int,
    *,
    template: str,
    what: str = "campaign",
    row: str = "customer",
    hint: str = "who was contacted (and who, by chance, was not), and what they did.",
) -> html.Div:
    """limit_mb: largest accepted file. template: address of the template CSV. what: the file is called; row:
    what one row of it is. hint: what each row holds."""
    return html.Div(
        [
            html.Div(
                [
                    icon("cloud-arrow-up", "bi-lead"),
                    html.Div(
                        f"Drop a file of {what} here" if what != "campaign" else "Drop a campaign file here",
                        className="fw-semibold",
                    ),
                    html.Label(
                        [
                            "Choose a file",
                            html.Span(
                                " with a past campaign" if what == "campaign" else f" of {what}",
                                className="visually-hidden",
                            ),
                        ],
                        htmlFor=ids.UPLOAD_INPUT,
                        className="btn btn-primary",
                    ),
                    # Dash has no file input: the script puts one here.
                    html.Div(id="upload-slot", **_slot(limit_mb)),
                    html.P(
                        f"CSV, CSV.gz, Excel or Parquet, up to {limit_mb:,} MB. One row per {row}.",
                        className="muted small",
                    ),
                ],
                id=ids.UPLOAD_DROP,
                className="drop",
            ),
            html.Div(id=ids.UPLOAD_PROGRESS, **aria(live="polite")),
            dcc.Store(id=ids.UPLOAD_RESULT),
            html.P(
                [
                    "Not sure about the form? ",
                    html.A(
                        [icon("filetype-csv"), " Template CSV"],
                        href=template,
                        download=f"{what}_template.csv",
                    ),
                    f": one row per {row}, {hint}",
                ],
                className="muted small",
            ),
        ],
        className="stack",
    )


def _slot(limit_mb: int) -> dict[str, Any]:
    return {
        "data-input": ids.UPLOAD_INPUT,
        "data-accept": ENDINGS,
        "data-limit": str(limit_mb * 1_000_000),
    }
