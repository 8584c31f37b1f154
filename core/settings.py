"""The settings of an installation: one typed table, each read from its environment variable."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from core.errors import SettingError


def _setting(default: Any, variable: str, help: str) -> Any:
    return field(default=default, metadata={"variable": variable, "help": help})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are kept and how much is accepted. `Settings.from_environment()` is the usual way in."""

    artifacts: Path = _setting(
        Path("artifacts"), "PERSUADABLE_ARTIFACTS_DIR", "Folder for data sets, models, jobs and packs."
    )
    data_dir: Path | None = _setting(
        None, "PERSUADABLE_DATA_DIR", "Folder with the example files; what is there is not downloaded."
    )
    currency: str = _setting("€", "PERSUADABLE_CURRENCY", "Currency sign shown beside money.")
    max_upload_mb: int = _setting(
        500, "PERSUADABLE_MAX_UPLOAD_MB", "Largest accepted upload, in megabytes (10^6 bytes)."
    )
    max_rows: int = _setting(20_000_000, "PERSUADABLE_MAX_ROWS", "Largest accepted table, in rows.")
    cache_mb: int = _setting(
        5_000,
        "PERSUADABLE_CACHE_MB",
        "Most that is kept of what can be made again (scores, packs, customer values), in megabytes.",
    )
    cache_days: int = _setting(
        90, "PERSUADABLE_CACHE_DAYS", "Days without use after which what can be made again is removed."
    )
    allowed_hosts: str = _setting(
        "",
        "PERSUADABLE_ALLOWED_HOSTS",
        "Host names under which the app may be opened besides localhost, separated by commas; * for any.",
    )

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the table from the environment; a value that does not parse names its variable."""
        values: dict[str, Any] = {}
        for spec in fields(cls):
            raw = os.environ.get(spec.metadata["variable"], "")
            if not raw:
                continue
            if isinstance(spec.default, int):
                try:
                    number = int(raw)
                except ValueError:
                    number = 0
                if number <= 0:
                    raise SettingError(
                        f"{spec.metadata['variable']} is '{raw}'; it must be a whole number above 0."
                    )
                values[spec.name] = number
            elif spec.name in ("artifacts", "data_dir"):
                values[spec.name] = Path(raw)
            else:
                values[spec.name] = raw
        return cls(**values)

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1_000_000


def currency() -> str:
    """The currency sign alone: money is formatted a thousand times a chart, and asks for it each time."""
    return os.environ.get(_CURRENCY.metadata["variable"]) or str(_CURRENCY.default)


_CURRENCY = next(spec for spec in fields(Settings) if spec.name == "currency")
