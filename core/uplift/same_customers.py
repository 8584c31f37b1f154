"""Whether the ids of an audience name the customers of the experiment: else what is known of one says nothing
of the other.
"""

from __future__ import annotations

import pandas as pd

from core.errors import PersuadableError
from core.uplift.experiment import experiment
from core.uplift.meta import ModelMeta
from core.uplift.training import fingerprint


def same_customers(frame: pd.DataFrame, id_column: str | None, meta: ModelMeta) -> bool:
    """Whether an id means the same customer in the audience and in the model's experiment.

    id_column: the audience's, None for the model's own. With id columns it does. Without, rows are numbered,
    and a number means the same customer only where the audience is the experiment's own rows in their order.
    """
    if meta.id_column is not None or id_column is not None:
        return meta.id_column is not None
    try:
        return fingerprint(experiment(frame, meta.roles)) == meta.fingerprint
    except PersuadableError:  # it lacks the arm or the outcome: other customers
        return False
