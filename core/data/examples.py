"""The example data sets by name: from this machine, else from where they were published, always checked."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

from core.data import cdnow, retail
from core.data.download import OFFLINE, download
from core.data.simulate import simulate
from core.data.writers import write_table
from core.errors import NotAvailableError, NotFoundError
from core.files import replacing, sha256
from core.progress import Progress, part, silent
from core.settings import Settings

__all__ = ["EXAMPLES", "prepare", "simulate"]

HILLSTROM_URL = (
    "http://www.minethatdata.com/"
    "Kevin_Hillstrom_MineThatData_E-MailAnalytics_DataMiningChallenge_2008.03.20.csv"
)
HILLSTROM_SHA256 = "0e5893329d8b93cefecc571777672028290ab69865718020c78c7284f291aece"
RETAIL_URL = "https://archive.ics.uci.edu/static/public/502/online+retail+ii.zip"
_HILLSTROM_LIMIT = 5_000_000  # bytes; it has 3,964,977
_RETAIL_LIMIT = 200_000_000


def prepare(name: str, out: Path, settings: Settings, progress: Progress = silent) -> Path:
    """Write the example `name` into the folder `out` and return the file's path.

    hillstrom: hillstrom.csv, the bytes as published (SHA-256 pinned). online-retail: online-retail.parquet,
    both sheets. cdnow: cdnow.csv (customer_id, date, quantity, amount), the published one-tenth sample.
    simulated: simulated.csv in Hillstrom's schema and, beside it, simulated_truth.csv with the true uplift.
    The first two come from `settings.data_dir`, else from an earlier
    download, else from the public address. Raises NotAvailableError (offline, or changed at the source) and
    NotFoundError for another name.
    """
    maker = EXAMPLES.get(name)
    if maker is None:
        raise NotFoundError(f"There is no example '{name[:40]}'.", f"Choose one of {', '.join(EXAMPLES)}.")
    path = maker(out, settings, progress)
    progress("The example is ready", 1.0)
    return path


def _hillstrom(out: Path, settings: Settings, progress: Progress) -> Path:
    path = out / "hillstrom.csv"
    if path.is_file() and sha256(path) == HILLSTROM_SHA256:
        return path
    packed = settings.data_dir / "hillstrom.csv.gz" if settings.data_dir else None
    if packed and packed.is_file():
        progress("Unpacking Hillstrom's file", 0.1)
        with replacing(path) as beside:
            try:
                with gzip.open(packed, "rb") as source, beside.open("wb") as target:
                    target.write(source.read(_HILLSTROM_LIMIT))
            except (OSError, EOFError) as error:
                raise NotAvailableError(f"{packed.name} is damaged.", OFFLINE) from error
            _check_hillstrom(beside)
        return path
    kept = _cache(settings) / "hillstrom.csv"
    if not (kept.is_file() and sha256(kept) == HILLSTROM_SHA256):
        download(HILLSTROM_URL, kept, _check_hillstrom, limit=_HILLSTROM_LIMIT, progress=progress)
    _copy(kept, path)
    return path


def _check_hillstrom(path: Path) -> None:
    if sha256(path) != HILLSTROM_SHA256:
        raise NotAvailableError("The file is not Hillstrom's as published: its SHA-256 differs.", OFFLINE)


def _online_retail(out: Path, settings: Settings, progress: Progress) -> Path:
    path = out / "online-retail.parquet"
    given = settings.data_dir / "online_retail_II.parquet" if settings.data_dir else None
    kept = given if given and given.is_file() else _cache(settings) / "online-retail.parquet"
    if not kept.is_file():
        archive = kept.with_suffix(".zip")
        if not archive.is_file():
            download(
                RETAIL_URL, archive, lambda _: None, limit=_RETAIL_LIMIT, progress=part(progress, 0.0, 0.3)
            )
        try:
            retail.convert(archive, kept, part(progress, 0.3, 0.95))
            retail.check(kept)
        except NotAvailableError:
            kept.unlink(missing_ok=True)
            raise
        finally:
            archive.unlink(missing_ok=True)
    progress("Checking the lines", 0.95)
    retail.check(kept)
    _copy(kept, path)
    return path


def _cdnow(out: Path, settings: Settings, progress: Progress) -> Path:
    path = out / "cdnow.csv"
    write_table(cdnow.transactions(), path)
    return path


def _simulated(out: Path, settings: Settings, progress: Progress) -> Path:
    progress("Simulating a campaign", 0.1)
    frame, truth = simulate()
    path = out / "simulated.csv"
    write_table(truth, out / "simulated_truth.csv")
    write_table(frame, path)
    return path


def _cache(settings: Settings) -> Path:
    return settings.artifacts / "cache"


def _copy(source: Path, path: Path) -> None:
    with replacing(path) as beside:
        shutil.copyfile(source, beside)


EXAMPLES: dict[str, Callable[[Path, Settings, Progress], Path]] = {
    "hillstrom": _hillstrom,
    "online-retail": _online_retail,
    "cdnow": _cdnow,
    "simulated": _simulated,
}
