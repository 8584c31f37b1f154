"""The settings of an installation: one typed table, each read from its environment variable."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path


def _setting(default: object, variable: str, help: str) -> object:
    return field(default=default, metadata={"variable": variable, "help": help})


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are kept and how much is accepted. `Settings.from_environment()` is the usual way in."""

    artifacts: Path = _setting(Path("artifacts"), "PERSUADABLE_ARTIFACTS_DIR", "Folder for data sets, models, jobs and packs.")  # type: ignore[assignment]  # noqa: E501
    data_dir: Path | None = _setting(None, "PERSUADABLE_DATA_DIR", "Folder with the example files; nothing is downloaded while they are there.")  # type: ignore[assignment]  # noqa: E501
    currency: str = _setting("€", "PERSUADABLE_CURRENCY", "Currency sign shown beside money.")  # type: ignore[assignment]  # noqa: E501
    max_upload_mb: int = _setting(500, "PERSUADABLE_MAX_UPLOAD_MB", "Largest accepted upload, in megabytes (10^6 bytes).")  # type: ignore[assignment]  # noqa: E501
    max_rows: int = _setting(20_000_000, "PERSUADABLE_MAX_ROWS", "Largest accepted table, in rows.")  # type: ignore[assignment]  # noqa: E501

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the table from the environment; a value that does not parse names its variable."""
        values: dict[str, object] = {}
        for spec in fields(cls):
            raw = os.environ.get(spec.metadata["variable"], "")
            if not raw:
                continue
            if isinstance(spec.default, int):
                try:
                    values[spec.name] = int(raw)
                except ValueError:
                    raise ValueError(
                        f"{spec.metadata['variable']} must be a whole number, found '{raw}'."
                    ) from None
            elif spec.name in ("artifacts", "data_dir"):
                values[spec.name] = Path(raw)
            else:
                values[spec.name] = raw
        return cls(**values)  # type: ignore[arg-type]

    @property
    def max_upload_bytes(self) -> int:
        return self.max_upload_mb * 1_000_000
