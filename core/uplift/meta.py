"""What a saved model says about itself: meta.json, checked as it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NoReturn

from core.data.schema import Feature, LeftOut, Roles
from core.errors import ModelError

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelMeta:
    """The record of one training. Reading it opens nothing else of the model.

    id: the folder's name. arms: names, control first, and their propensities, shares by design. feature_cols:
    numeric first, each in file order. id_column: the campaign's own, None where rows were numbered. pooled:
    the treatment's values that make up the one contact arm. binary: whether the outcome is 0/1. test_size:
    share held out, None where every customer was cross-fitted. n_train, n_test: customers learnt from and
    measured on. calibration: its method by contact arm. fingerprint: SHA-256 of the rows trained and tested
    on. created: ISO 8601, UTC. versions: of the libraries by name. files: SHA-256 by name of every file
    beside meta.json. simulated: whether the data were generated, not collected.
    """

    id: str
    learner: str
    outcome: str
    treatment_col: str
    control: str
    arms: tuple[str, ...]
    propensities: tuple[float, ...]
    feature_cols: tuple[str, ...]
    num_cols: tuple[str, ...]
    cat_cols: tuple[str, ...]
    id_column: str | None
    roles: Roles
    left_out: tuple[LeftOut, ...]
    pooled: tuple[str, ...]
    binary: bool
    simulated: bool
    seed: int
    test_size: float | None
    n_train: int
    n_test: int
    calibration: tuple[str, ...]
    fingerprint: str
    created: str
    versions: Mapping[str, str]
    files: Mapping[str, str]

    @property
    def schema(self) -> tuple[Feature, ...]:
        """The features an audience must have, in the model's order."""
        numeric = set(self.num_cols)
        return tuple(
            Feature(column, "numeric" if column in numeric else "categorical") for column in self.feature_cols
        )

    def as_json(self) -> dict[str, Any]:
        """The content of meta.json; the id is the folder's name and not in it."""
        values = asdict(self)
        del values["id"]
        return values

    @classmethod
    def from_json(cls, model_id: str, value: Any) -> ModelMeta:
        """Read what `as_json` wrote. ModelError names the first entry that is missing or malformed."""
        entry = _Entries(model_id, value)
        roles = _Entries(model_id, entry.of("roles", dict), "roles.")
        left_out = entry.of("left_out", list)
        meta = cls(
            id=model_id,
            learner=entry.of("learner", str),
            outcome=entry.of("outcome", str),
            treatment_col=entry.of("treatment_col", str),
            control=entry.of("control", str),
            arms=entry.texts("arms"),
            propensities=entry.numbers("propensities"),
            feature_cols=entry.texts("feature_cols"),
            num_cols=entry.texts("num_cols"),
            cat_cols=entry.texts("cat_cols"),
            id_column=entry.of("id_column", str, type(None)),
            roles=Roles(
                treatment=roles.of("treatment", str),
                control=roles.of("control", str),
                outcome=roles.of("outcome", str),
                id=roles.of("id", str, type(None)),
                arms=roles.texts("arms"),
                features=roles.texts("features"),
                drop=roles.texts("drop"),
                cap=roles.of("cap", float, type(None)) if "cap" in roles.value else None,
                propensity=roles.of("propensity", str, type(None)) if "propensity" in roles.value else None,
            ),
            left_out=tuple(
                LeftOut(one.of("column", str), one.of("reason", str), one.of("code", str))
                for one in (_Entries(model_id, item, "left_out.") for item in left_out)
            ),
            pooled=entry.texts("pooled"),
            binary=entry.of("binary", bool),
            simulated=entry.of("simulated", bool),
            seed=entry.of("seed", int),
            test_size=entry.of("test_size", float, type(None)),
            n_train=entry.of("n_train", int),
            n_test=entry.of("n_test", int),
            calibration=entry.texts("calibration"),
            fingerprint=entry.matching("fingerprint", _SHA256),
            created=entry.of("created", str),
            versions=entry.table("versions", lambda name, text: isinstance(text, str)),
            files=entry.table("files", _is_file),
        )
        if len(meta.arms) < 2 or meta.arms[0] != meta.control:
            entry.refuse("arms")
        if len(meta.propensities) != len(meta.arms):
            entry.refuse("propensities")
        if sorted(meta.num_cols + meta.cat_cols) != sorted(meta.feature_cols):
            entry.refuse("feature_cols")
        return meta


class _Entries:
    """A JSON object whose entries are checked as they are taken."""

    def __init__(self, model_id: str, value: Any, path: str = "") -> None:
        self.model_id, self.value, self.path = model_id, value, path
        if not isinstance(value, dict):
            self.refuse("")

    def refuse(self, name: str) -> NoReturn:
        where = f"'{self.path}{name}' of meta.json" if self.path + name else "meta.json"
        raise ModelError(
            f"{where} of model '{self.model_id}' is missing or malformed.",
            "Train the model again, or restore its folder.",
        )

    def of(self, name: str, *kinds: type) -> Any:
        value = self.value.get(name)
        if name not in self.value or not isinstance(value, kinds):
            self.refuse(name)
        if isinstance(value, bool) and bool not in kinds:
            self.refuse(name)
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        text: str = self.of(name, str)
        return text if pattern.fullmatch(text) else self.refuse(name)

    def texts(self, name: str) -> tuple[str, ...]:
        items = self.of(name, list, tuple)
        return tuple(items) if all(isinstance(item, str) for item in items) else self.refuse(name)

    def numbers(self, name: str) -> tuple[float, ...]:
        items = self.of(name, list, tuple)
        if not all(isinstance(item, int | float) and not isinstance(item, bool) for item in items):
            self.refuse(name)
        return tuple(float(item) for item in items)

    def table(self, name: str, good: Callable[[str, Any], bool]) -> dict[str, str]:
        items: dict[str, str] = self.of(name, dict)
        return items if all(good(key, value) for key, value in items.items()) else self.refuse(name)


def _is_file(name: str, digest: Any) -> bool:
    plain = _PLAIN_NAME.fullmatch(name) is not None and name != "meta.json"
    return plain and isinstance(digest, str) and _SHA256.fullmatch(digest) is not None
