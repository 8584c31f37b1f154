"""`persuadable clv`: from a file of orders to every customer's value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from core.clv import words
from core.clv.analysis import Analysis, ClvSettings, analyse
from core.clv.customers import Unit
from core.clv.dates import parse_date
from core.clv.merge import Merged, Use, merge
from core.clv.transactions import Cancellations, Services
from core.data import examples
from core.data.readers import read_table, write_table
from core.errors import SettingError
from core.files import write_json
from core.progress import Progress, part, silent
from core.settings import Settings
from core.terminal import say

EXAMPLES = ("cdnow", "online-retail")
"""Examples that are files of orders."""


def run_clv(
    source: Path,
    out: Path,
    settings: ClvSettings,
    *,
    report: Path | None = None,
    verify: bool = False,
    progress: Progress = silent,
) -> Analysis:
    """Read, analyse, write the customers to `out` and the findings to `report` (JSON), and say what was
    found."""
    settings.check()
    source = _example(source, part(progress, 0.0, 0.1))
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.1, 0.2))
    found = analyse(frame, settings, check=verify, progress=part(progress, 0.2, 0.9))
    progress("Writing the customers", 0.9)
    write_table(found.to_frame(), out)
    if report is not None:
        write_json(report, found.as_dict())
    progress("Done", 1.0)
    for sentence in summary(found):
        say(sentence)
    say(f"Wrote {out}{'' if report is None else f' and {report}'}.")
    return found


def run_merge(
    source: Path,
    values: Path,
    out: Path,
    *,
    use: str = "report",
    treated_on: str | None = None,
    id_column: str | None = None,
    progress: Progress = silent,
) -> Merged:
    """Join the values that run_clv wrote to the table `source`, write it to `out`, and say how they match."""
    if use not in ("report", "weight", "feature"):
        raise SettingError(f"use is '{use}'; it must be report, weight or feature.")
    began = None if treated_on is None else parse_date(treated_on, "The first day of the campaign")
    settings = Settings.from_environment()
    audience = read_table(source, settings=settings, progress=part(progress, 0.0, 0.4))
    table = read_table(values, settings=settings, progress=part(progress, 0.4, 0.7))
    key = id_column or ("row_id" if "row_id" in audience.columns else str(audience.columns[0]))
    found = merge(audience, table, id_column=key, use=cast(Use, use), treated_on=began)
    progress("Writing the table", 0.8)
    write_table(found.frame, out)
    progress("Done", 1.0)
    say(found.sentence)
    say(f"Wrote {out}.")
    return found


def _example(source: Path, progress: Progress) -> Path:
    """The file of an example named instead of a path."""
    if str(source) not in EXAMPLES or source.exists():
        return source
    settings = Settings.from_environment()
    return examples.prepare(str(source), settings.artifacts / "example", settings, progress)


def clv_settings(
    *,
    model: str,
    observation_end: str | None,
    horizon: float,
    discount: float,
    unit: str,
    cancellations: str,
    services: str,
    day_first: bool | None,
    roles: Mapping[str, str | None],
) -> ClvSettings:
    """Settings from what was typed; SettingError and DataError name what cannot be."""
    for name, found, allowed in (
        ("unit", unit, ("day", "week")),
        ("cancellations", cancellations, ("drop", "net")),
        ("services", services, ("keep", "drop")),
    ):
        if found not in allowed:
            raise SettingError(f"{name} is '{found}'; it must be {' or '.join(allowed)}.")
    settings = ClvSettings(
        model=model,
        observation_end=None
        if observation_end is None
        else parse_date(observation_end, "The end of observation"),
        horizon=horizon,
        discount=discount,
        unit=cast(Unit, unit),
        cancellations=cast(Cancellations, cancellations),
        services=cast(Services, services),
        day_first=day_first,
        roles={role: column for role, column in roles.items() if column},
    )
    settings.check()
    return settings


def summary(found: Analysis) -> list[str]:
    """What a person reads in the terminal: cleaning, model, prediction, check, doubts."""
    lines = [words.read(found.ledger.read, found.ledger.left, len(found.customers))]
    lines += [words.rule(line) for line in found.ledger.lines if line.taken or (line.found and line.note)]
    lines.append(words.parameters(found.fit))
    if found.spending.fit is not None:
        lines.append(words.parameters(found.spending.fit))
    lines += words.prediction(found.values.total_orders, found.values.total_value, found.settings.horizon)
    if found.values.total_value is not None and (other := words.other_currency(found.sign)):
        lines.append(other)
    if found.fit.undetermined:
        lines += [f"{words.undetermined(found.settings.horizon)}.", words.NO_FORECAST, words.NO_BEST]
    elif found.validation is not None:
        score = next(s for s in found.validation.scores if s.model == found.fit.model)
        told = words.checked(score.predicted, found.validation.actual, found.validation.days)
        lines.append(told if score.interval else f"{told} {words.NOT_ON_THESE}")
        lines.append(words.preferred(found.validation.by_likelihood, found.validation.by_holdout))
        also = words.otherwise(found.validation.by_holdout, found.validation.as_dict()["scores"])
        lines += [also] if also else []
    for comparison in found.comparisons:
        lines += words.comparison(comparison)
    lines += [f"Note: {note}" for note in found.notes]
    return lines
