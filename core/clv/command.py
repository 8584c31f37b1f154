"""`persuadable clv`: from a file of orders to every customer's value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from core.clv import words
from core.clv.analysis import Analysis, ClvSettings, analyse
from core.clv.customers import Unit
from core.clv.dates import parse_date
from core.clv.transactions import Cancellations, Services
from core.data.readers import read_table, write_table
from core.errors import SettingError
from core.files import write_json
from core.progress import Progress, part, silent
from core.settings import Settings
from core.terminal import say


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
    frame = read_table(source, settings=Settings.from_environment(), progress=part(progress, 0.0, 0.2))
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
    lines += [f"  {line.taken:>9,}  {line.rule}" for line in found.ledger.lines if line.taken]
    lines.append(words.parameters(found.fit))
    if found.spending.fit is not None:
        lines.append(words.parameters(found.spending.fit))
    lines += words.prediction(found.values.total_orders, found.values.total_value, found.settings.horizon)
    if found.validation is not None:
        score = next(s for s in found.validation.scores if s.model == found.fit.model)
        lines.append(words.checked(score.predicted, found.validation.actual, found.validation.days))
        lines.append(words.preferred(found.validation.by_likelihood, found.validation.by_holdout))
    for comparison in found.comparisons:
        lines += words.comparison(comparison)
    lines += [f"Note: {note}" for note in found.notes]
    return lines
