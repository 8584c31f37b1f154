"""The jobs of the CLV page: customer values from orders, and lifetimes asked about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from core.clv import results
from core.clv.analysis import ClvSettings
from core.clv.command import clv_settings
from core.errors import SettingError
from core.scenario import Scenario
from core.workspace import Workspace
from pages.work_order import Work, named

EXAMPLES = {"cdnow": "CDNOW", "online-retail": "Online Retail II"}
RESULT = "/clv?result="


def clv_request(search: str | None, roles: Mapping[str, str], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the form asks for; SettingError and DataError for what cannot be."""
    orders = dict(parse_qsl((search or "").lstrip("?"))).get("orders", "")
    asked = {"orders": orders, "roles": dict(roles), "settings": dict(settings), "search": search or ""}
    _settings(asked)
    return asked


def beside(href: str, search: str | None) -> str:
    """The page of a result with the campaign that is looked at now; any other page as it is."""
    scenario, _ = Scenario.from_query(dict(parse_qsl((search or "").lstrip("?"))))
    if not href.startswith(RESULT) or scenario.data is None:
        return href
    return f"{href}&{scenario.query_string()}"


def clv_work(workspace: Workspace, asked: Mapping[str, Any]) -> Work:
    """Customer values from a stored file of orders, or from an example."""
    settings = _settings(asked)
    if asked.get("example"):
        title, source = EXAMPLES[asked["example"]], str(asked["example"])
    else:
        data = workspace.data.get(asked["orders"])
        title, source = data.name, str(workspace.data.path(data.id))
    options = _options(settings)
    # an example is the same for everyone; what a person uploaded has an id that cannot be guessed
    identifier = named("clv", source, *options)
    folder = results.results_folder(workspace.settings) / identifier
    out, report = folder / results.CUSTOMERS, folder / results.REPORT
    argv = ("clv", "--in", source, *options, "--out", str(out), "--report", str(report))
    return Work("clv", f"Customer values of {title}", argv, str(report), f"{RESULT}{identifier}")


def check_work(workspace: Workspace, asked: Mapping[str, Any]) -> Work:
    """lifetimes asked about a result. NotFoundError where there is none under its id."""
    kept = results.load(workspace.settings, str(asked["data"]))
    argv = ("check-values", "--in", str(kept.folder))
    return Work("clv-check", "Check with lifetimes", argv, str(kept.folder / results.CHECK), "")


def _options(settings: ClvSettings) -> list[str]:
    """What is asked for as the command line's options; what is usual is not named."""
    options = ["--model", settings.model, "--horizon", format(settings.horizon, ".10g")]
    options += ["--discount", format(settings.discount, ".10g")]
    if settings.observation_end is not None:
        options += ["--observation-end", settings.observation_end.isoformat()]
    if settings.day_first is not None:
        options.append("--day-first" if settings.day_first else "--month-first")
    for name, chosen, usual in (
        ("--cancellations", settings.cancellations, "drop"),
        ("--services", settings.services, "keep"),
    ):
        options += [name, chosen] if chosen != usual else []
    for role, column in sorted(settings.roles.items()):
        options += [f"--{role}", column]
    return options


def _settings(asked: Mapping[str, Any]) -> ClvSettings:
    given = asked.get("settings") or {}
    horizon, discount = given.get("horizon", 365), given.get("discount", 10)
    if horizon is None or discount is None:
        raise SettingError("Horizon and discount rate must be numbers.", "A year is 365 days.")
    return clv_settings(
        model=str(given.get("model", "bg-nbd")),
        observation_end=(given.get("end") or "").strip() or None,
        horizon=float(horizon),
        discount=float(discount) / 100,
        unit="day",
        cancellations=given.get("cancellations") or "drop",
        services=given.get("services") or "keep",
        day_first={"day": True, "month": False}.get(given.get("dates") or ""),
        roles=asked.get("roles") or {},
    )
