"""The published one-tenth sample of CDNOW (Fader & Hardie), as it ships in the package lifetimes."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from core.errors import NotAvailableError

CUSTOMERS, LINES = 2_357, 6_919


def transactions() -> pd.DataFrame:
    """The sample's purchases: customer_id (text, leading zeros kept), date (ISO), quantity, amount (dollars).

    The source has both the id in the master file and the id in the sample; the first is kept. Raises
    NotAvailableError where the installed lifetimes has no such file.
    """
    spec = find_spec("lifetimes")  # found, not imported: importing it is slow and sets up plotting
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0]) / "datasets" / "CDNOW_sample.txt" if folders else Path("CDNOW_sample.txt")
    if not path.is_file():
        raise NotAvailableError("The package lifetimes with the CDNOW sample is missing.", "Install it.")
    names = ["customer_id", "sample_id", "date", "quantity", "amount"]
    frame = pd.read_csv(path, sep=r"\s+", header=None, names=names, dtype="str")
    if len(frame) != LINES or frame["customer_id"].nunique() != CUSTOMERS:
        raise NotAvailableError("The CDNOW sample in the package lifetimes is not the published one.")
    frame["date"] = pd.to_datetime(frame["date"], format="%Y%m%d")
    return frame.drop(columns="sample_id").astype({"quantity": "int64", "amount": "float64"})
