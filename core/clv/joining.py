"""Customer values joined to a data set of the store: a new data set, and what its columns may be used for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from core.clv import result_words
from core.clv.merge import Merged, Use, merge
from core.clv.results import Result
from core.data.columns import text
from core.data.roles import propose
from core.data.schema import Roles
from core.data.store import DataSet, DataStore
from core.workspace import Scored


@dataclass(frozen=True)
class Joined:
    """data: the new data set. merged: how the ids fit together."""

    data: DataSet
    merged: Merged


def likely_id(data: DataSet, frame: pd.DataFrame, kept: Result) -> str | None:
    """The column of a data set that holds its customers' ids; None where none looks like it.

    Every row has a cell of its own there, and half of them, or of the result's customers, are in both; else
    it is the id that the data set is known by.
    """
    valued = set(kept.customers().iloc[:, 0])
    known = data.roles.id if data.roles else propose(frame).guess.get("id")
    sample = frame.head(_SAMPLE)
    cells = {str(name): text(sample, str(name)) for name in frame.columns}
    hits = {
        name: int(column.isin(valued).sum())
        for name, column in cells.items()
        if column.is_unique and not column.isna().any()
    }
    best = max(hits, key=lambda name: (hits[name], name == known), default=None)
    if best is not None and 2 * hits[best] >= min(len(sample), len(valued)):
        return best
    return known


def own_ids(scored: Scored) -> pd.Series | None:
    """(n,) the customers' ids in the order of the scores, as text; None where the campaign has no column of
    its own for them: rows are numbered then, and a number is no one's id.
    """
    if scored.meta.id_column is not None:
        return scored.scores().ids
    column = scored.data.roles.id if scored.data.roles else None
    if column is None or column not in scored.carried.column_names:
        return None
    return text(scored.carried.select([column]).to_pandas(), column)


def join_values(
    store: DataStore,
    kept: Result,
    data_id: str,
    *,
    id_column: str,
    use: Use,
    treated_on: date | None = None,
) -> Joined:
    """Join a result to a data set by id and keep the table as a new data set.

    Unless the values are to be features, their columns are remembered as columns not to learn from. Raises
    NotFoundError, and DataError as `merge` does.
    """
    data = store.get(data_id)
    frame = store.frame(data_id)
    found = merge(frame, kept.customers(), id_column=id_column, use=use, treated_on=treated_on)
    added = tuple(str(name) for name in found.frame.columns if name not in frame.columns)
    roles = _roles(data.roles, frame, id_column, () if use == "feature" else added)
    name = result_words.JOINED.format(name=data.name, what=result_words.JOINED_AS[use])
    return Joined(store.add(found.frame, name, roles, data.simulated), found)


def _roles(known: Roles | None, frame: pd.DataFrame, id_column: str, apart: tuple[str, ...]) -> Roles | None:
    """The campaign's own roles, or what can be guessed of them; "" is one that a person has yet to fill."""
    if known is None:
        guess = propose(frame).guess
        if not apart and "treatment" not in guess:
            return None
        treatment, control, outcome = (guess.get(role, "") for role in ("treatment", "control", "outcome"))
        known = Roles(treatment, control, outcome, id=id_column)
    return replace(known, id=known.id or id_column, drop=tuple(dict.fromkeys((*known.drop, *apart))))


_SAMPLE = 20_000  # rows looked at for the column of ids
