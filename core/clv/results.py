"""What `persuadable clv` found, read back from disk for a page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.clv.fitted import Fitted
from core.errors import NotFoundError
from core.keeping import used
from core.settings import Settings

CUSTOMERS, REPORT = "customers.parquet", "report.json"
CHECK = "lifetimes.json"
"""What lifetimes found, where it was asked after the values were computed."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Result:
    """report: Analysis.as_dict as JSON gave it back. folder: where it stands. id: as in the address."""

    id: str
    folder: Path
    report: dict[str, Any]

    @property
    def fit(self) -> Fitted:
        return Fitted.from_dict(self.report["model"])

    def customers(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Values.to_frame, most valuable first; only the columns asked for."""
        return pd.read_parquet(self.folder / CUSTOMERS, columns=columns)

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        """Comparison.as_dict of each model that was refitted with lifetimes, then or later; [] for none."""
        later = self.folder / CHECK
        if self.report["lifetimes"] or not later.is_file():
            return list(self.report["lifetimes"])
        return list(json.loads(later.read_text(encoding="utf-8")))

    @property
    def determined(self) -> bool:
        """Whether these data tell what customers will do."""
        return self.report["total_orders"] is not None

    @property
    def has_value(self) -> bool:
        """Whether customers have values, not orders alone."""
        return self.report["total_value"] is not None


def results_folder(settings: Settings) -> Path:
    """Where an installation keeps its customer values."""
    return settings.artifacts / "clv"


def load(settings: Settings, identifier: str) -> Result:
    """The result of an id; NotFoundError where there is none."""
    folder = results_folder(settings) / identifier
    if not _ID.fullmatch(identifier) or not (folder / REPORT).is_file():
        raise NotFoundError(
            "There are no customer values under this link.", "Compute them again on the CLV page."
        )
    return read(folder)


def read(folder: Path) -> Result:
    """The result that stands in a folder."""
    report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
    used(folder)
    return Result(folder.name, folder, report)
