"""Designed empty states: why there is nothing, and the next action."""

from __future__ import annotations

from typing import Any

from dash import html

from components import ids
from components.icons import icon
from components.links import carrying
from core.scenario import Scenario


def empty(title: str, why: str, *actions: Any, picture: str = "inbox") -> html.Section:
    return html.Section(
        [
            icon(picture, "bi-lead"),
            html.H1(title),
            html.P(why, className="muted"),
            html.Div(list(actions), className="actions"),
        ],
        className="empty",
    )


def no_campaign(what: str) -> html.Section:
    """A result page without a campaign: `what` finishes the sentence 'needs a campaign to …'."""
    return empty(
        "No campaign to look at yet",
        f"This page needs a past campaign with a control group to {what}. "
        "Upload your own, or see the whole path on the example.",
        example_button(),
        upload_link(quiet=True),
        picture="bar-chart-steps",
    )


def untrained(scenario: Scenario) -> html.Section:
    """A campaign is chosen, but no model has learnt from it yet."""
    return empty(
        "This campaign has no model yet",
        "Say what its columns are for and train a model; it takes a minute or two.",
        carrying([icon("gear"), "Train a model"], "/data", "empty", scenario, className="btn btn-primary"),
        picture="hourglass",
    )


def unknown(what: str) -> html.Section:
    """A link whose data set or model does not exist here. what: the error's first sentence."""
    return empty(
        "This link leads to something that is not here",
        f"{what} What it names may have been deleted, or the link is incomplete. Ask for the link again, or "
        "start from a campaign of your own.",
        example_button(),
        upload_link(quiet=True),
        picture="signpost-split",
    )


def fault(reference: str) -> html.Section:
    """Something broke on our side."""
    return empty(
        "Something went wrong on our side",
        "Your data and settings are kept. Load the page again; if it happens again, tell whoever runs this "
        f"server the reference id {reference}.",
        carrying("Go to Start", "/", "empty", className="btn btn-quiet"),
        picture="exclamation-octagon",
    )


def not_found() -> html.Section:
    return empty(
        "There is no such page",
        "The address leads nowhere. What there is stands among the steps: Start, Data, Profit and so on.",
        carrying("Go to Start", "/", "empty", className="btn btn-primary"),
        picture="signpost-split",
    )


def example_button(words: str = "Try the example campaign") -> html.Button:
    return html.Button([icon("play-fill"), words], id=ids.EXAMPLE, className="btn btn-primary")


def upload_link(words: str = "Upload your campaign", *, quiet: bool = False) -> Any:
    kind = "btn-quiet" if quiet else "btn-primary"
    return carrying([icon("upload"), words], "/data", "upload", className=f"btn {kind}")
