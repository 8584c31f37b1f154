"""A made-up e-mail campaign in Hillstrom's schema whose true uplift is known.

The constants are counted from the published file (Kevin Hillstrom, MineThatData E-Mail Analytics Challenge,
20 March 2008; 64,000 customers), the effects by what a customer bought too. That the effect on spend grows
with the square root of the purchase history is an assumption: the file is too small to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROWS = 64_000
SEED = 42

_RECENCY = (8952, 7537, 5904, 5077, 4510, 4605, 4078, 3495, 6441, 7565, 3504, 2332)  # months 1 to 12
_FLOOR = 29.99  # the smallest order: 7,947 histories and 136 of 578 orders
_FLOOR_HISTORIES = 7947 / 22970  # of the first band
_FLOOR_ORDERS = 136 / 578
_ORDER_SHAPE = 1.044  # gamma shape of an order above the floor: order s.d. 107.87 at mean 116.36
_MAX_PROBABILITY = 0.95


@dataclass(frozen=True, slots=True)
class _Band:
    """A history band: its customers, and among them the counts of the other columns."""

    label: str
    low: float
    high: float
    mean: float  # of the histories above the floor
    bought: tuple[int, int, int]  # men's only, women's only, both
    newbies: int
    channels: tuple[int, int, int]  # Phone, Web, Multichannel


_BANDS = (
    _Band("1) $0 - $100", 30, 100, 63.11, (11522, 11448, 0), 11489, (11455, 11515, 0)),
    _Band("2) $100 - $200", 100, 200, 146.45, (7118, 7136, 0), 6599, (7117, 7137, 0)),
    _Band("3) $200 - $350", 200, 350, 266.90, (4883, 4940, 2466), 4395, (4895, 4881, 2513)),
    _Band("4) $350 - $500", 350, 500, 417.79, (2592, 2561, 1256), 1583, (2131, 2228, 2050)),
    _Band("5) $500 - $750", 500, 750, 604.64, (1763, 1676, 1472), 4911, (1502, 1488, 1921)),
    _Band("6) $750 - $1,000", 750, 1000, 853.77, (557, 574, 728), 1859, (551, 579, 729)),
    _Band("7) $1,000 +", 1000, 3346, 1303.88, (383, 399, 526), 1308, (370, 389, 549)),
)
_ZIPS = ("Surburban", "Urban", "Rural")  # spelt as the source spells it
_ZIP_COUNTS = (28776, 25661, 9563)
_CHANNELS = ("Phone", "Web", "Multichannel")
_ARMS = ("No E-Mail", "Mens E-Mail", "Womens E-Mail")
_VISIT = (0.106167, 0.182757, 0.151400)  # shares that visited, by arm
_CONVERSION = (122 / 21306, 267 / 21307, 189 / 21387)
_SPEND = (0.652789, 1.422617, 1.077202)  # mean spend, by arm

# Visits without an e-mail, relative to their mean, by recency, zip code, channel and newbie.
_VISIT_BY_RECENCY = (1.40, 1.27, 1.19, 1.05, 1.04, 0.89, 0.94, 0.85, 0.62, 0.72, 0.83, 0.69)
_VISIT_BY_ZIP = (0.93, 0.91, 1.45)
_VISIT_BY_CHANNEL = (0.82, 1.12, 1.21)
_VISIT_BY_NEWBIE = (1.26, 0.74)
# The effect of each e-mail on visits, relative to its mean, for buyers of men's goods, of women's, of both.
_EFFECT_MENS = (0.90, 0.92, 1.75)
_EFFECT_WOMENS = (0.25, 1.64, 1.57)


def simulate(
    rows: int = ROWS, seed: int = SEED, *, heterogeneity: float = 1.0, effect: float = 1.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Customers of a made-up campaign, and the true uplift of each.

    rows: customers. heterogeneity: how much the effects differ between customers, as a multiple of what the
    published file shows; at 0 every customer has the same uplift in visits and in spend. effect: the mean
    effects as a multiple of the published ones; at 0 no e-mail changes anything. Far from 1 probabilities are
    kept between 0 and 0.95, and the truth is what remains.

    Returns the campaign (Hillstrom's twelve columns) and the truth: `row_id` ("0", "1", …) and, for visit,
    conversion and spend, `uplift_<outcome>_mens`, `…_womens` (expected outcome with that e-mail less without
    any) and `…_any` (one of the two by the toss of a coin). Mean outcomes by arm are the published ones.
    The same arguments give the same frames.
    """
    if rows < 1:
        raise ValueError(f"rows is {rows}; it must be at least 1")
    rng = np.random.default_rng(seed)
    frame, bought = _customers(rows, rng)
    visit, conversion, order = _expectations(frame, bought, heterogeneity, effect)
    arm = rng.integers(0, len(_ARMS), rows)
    own = np.arange(rows)
    visits = rng.random(rows) < visit[own, arm]
    buys = visits & (rng.random(rows) < conversion[own, arm])
    frame["segment"] = pd.array(np.asarray(_ARMS)[arm], dtype="str")
    frame["visit"] = visits.astype(np.int64)
    frame["conversion"] = buys.astype(np.int64)
    frame["spend"] = np.where(buys, _orders(order[arm], rng), 0.0)
    return frame, _truth(visit, visit * conversion, visit * conversion * order)


def _customers(rows: int, rng: np.random.Generator) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The columns known before the e-mail, and what each bought (0 men's goods, 1 women's, 2 both)."""
    band = _draw(rng, [sum(b.bought) for b in _BANDS], rows)
    history = np.empty(rows)
    bought, newbie, channel = (np.empty(rows, dtype=np.int64) for _ in range(3))
    for number, b in enumerate(_BANDS):
        here = np.flatnonzero(band == number)
        size = len(here)
        share = (b.mean - b.low) / (b.high - b.low)
        history[here] = b.low + (b.high - b.low) * rng.random(size) ** (1 / share - 1)  # mean of U^k: 1/(k+1)
        bought[here] = _draw(rng, b.bought, size)
        newbie[here] = rng.random(size) < b.newbies / sum(b.bought)
        channel[here] = _draw(rng, b.channels, size)
    highest = np.asarray([b.high for b in _BANDS])[band] - 0.01
    history = np.minimum(history, highest).round(2)
    history[(band == 0) & (rng.random(rows) < _FLOOR_HISTORIES)] = _FLOOR
    frame = pd.DataFrame(
        {
            "recency": 1 + _draw(rng, _RECENCY, rows),
            "history_segment": pd.array(np.asarray([b.label for b in _BANDS])[band], dtype="str"),
            "history": history,
            "mens": (bought != 1).astype(np.int64),
            "womens": (bought != 0).astype(np.int64),
            "zip_code": pd.array(np.asarray(_ZIPS)[_draw(rng, _ZIP_COUNTS, rows)], dtype="str"),
            "newbie": newbie,
            "channel": pd.array(np.asarray(_CHANNELS)[channel], dtype="str"),
        }
    )
    return frame, bought


def _expectations(
    frame: pd.DataFrame, bought: NDArray[np.int64], heterogeneity: float, effect: float
) -> tuple[Floats, Floats, Floats]:
    """P(visit) (n, 3), P(conversion | visit) (n, 3), and the mean order (3,), by arm."""
    base = (
        np.asarray(_VISIT_BY_RECENCY)[frame["recency"].to_numpy() - 1]
        * np.asarray(_VISIT_BY_NEWBIE)[frame["newbie"].to_numpy()]
        * frame["zip_code"].map(dict(zip(_ZIPS, _VISIT_BY_ZIP, strict=True))).to_numpy(dtype=np.float64)
        * frame["channel"].map(dict(zip(_CHANNELS, _VISIT_BY_CHANNEL, strict=True))).to_numpy(np.float64)
    )
    depth = np.sqrt(frame["history"].to_numpy())
    visit, spend = np.empty((len(frame), 3)), np.empty((len(frame), 3))
    visit[:, 0] = _VISIT[0] * _centred(base)
    spend[:, 0] = _SPEND[0] * _centred(base * depth)
    for arm, by_bought in ((1, _EFFECT_MENS), (2, _EFFECT_WOMENS)):
        respond = np.asarray(by_bought)[bought]
        differ = 1 + heterogeneity * (_centred(respond) - 1)
        visit[:, arm] = visit[:, 0] + effect * (_VISIT[arm] - _VISIT[0]) * differ
        differ = 1 + heterogeneity * (_centred(respond * depth) - 1)
        spend[:, arm] = spend[:, 0] + effect * (_SPEND[arm] - _SPEND[0]) * differ
    visit = np.clip(visit, 0.001, _MAX_PROBABILITY)
    published = np.asarray(_SPEND) / np.asarray(_CONVERSION)
    order = published[0] + min(max(effect, 0.0), 1.0) * (published - published[0])
    conversion = np.clip(spend / (visit * order), 0.0, _MAX_PROBABILITY)
    return visit, conversion, order


def _orders(mean: Floats, rng: np.random.Generator) -> Floats:
    """Order values with these means (n,): some at the floor, the others a gamma above it."""
    above = (mean - _FLOOR) / (1 - _FLOOR_ORDERS)
    order = _FLOOR + rng.gamma(_ORDER_SHAPE, above / _ORDER_SHAPE)
    return np.where(rng.random(len(mean)) < _FLOOR_ORDERS, _FLOOR, order).round(2)


def _truth(visit: Floats, conversion: Floats, spend: Floats) -> pd.DataFrame:
    truth: dict[str, object] = {"row_id": pd.array(np.arange(len(visit)).astype(str), dtype="str")}
    for outcome, expected in (("visit", visit), ("conversion", conversion), ("spend", spend)):
        uplift = expected[:, 1:] - expected[:, :1]
        truth[f"uplift_{outcome}_mens"] = uplift[:, 0]
        truth[f"uplift_{outcome}_womens"] = uplift[:, 1]
        truth[f"uplift_{outcome}_any"] = uplift.mean(axis=1)
    return pd.DataFrame(truth)


def _centred(factor: Floats) -> Floats:
    """The factor scaled to mean 1 over the customers."""
    return np.asarray(factor / factor.mean(), dtype=np.float64)


def _draw(rng: np.random.Generator, counts: Sequence[int], size: int) -> NDArray[np.int64]:
    """Positions 0 … k-1 drawn in proportion to counts."""
    edges = np.cumsum(counts) / np.sum(counts)
    drawn = np.searchsorted(edges, rng.random(size), side="right")
    return np.minimum(drawn, len(counts) - 1).astype(np.int64)
