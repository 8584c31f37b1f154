"""The words of the trade in one place, behind a button on every page."""

from __future__ import annotations

from dash import html

from components import ids
from components.aria import aria
from components.icons import icon
from core.advice import GLOSSARY


def glossary() -> html.Dialog:
    """Every term in the order of the alphabet; assets/shell.js opens and closes it."""
    entries = [
        part
        for word in sorted(GLOSSARY, key=str.casefold)
        for part in (html.Dt(word[0].upper() + word[1:]), html.Dd(GLOSSARY[word]))
    ]
    close = html.Button(
        icon("x-lg"), className="btn btn-sm btn-plain close-dialog", **aria(label="Close the glossary")
    )
    return html.Dialog(
        [html.Header([html.H2("Glossary", id="glossary-head"), close]), html.Dl(entries)],
        id=ids.GLOSSARY,
        className="glossary no-print",
        **aria(labelledby="glossary-head"),
    )
