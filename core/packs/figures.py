"""The report's static figures, drawn by matplotlib without a browser, a display or global state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import AbstractPathEffect, withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from core import advice
from core.estimate import LEVEL
from core.files import replacing
from core.packs.pack import CURVE_POINTS, Pack, measured_profit
from core.policy.economics import FloatArray, SensitivityGrid

# The colours of the app (components/template.py), which core may not import; a test keeps them the same.
INK, MUTED, GRID, ACCENT = "#1b1f24", "#565d66", "#e6e6e2", "#4338ca"
VERMILION, CORAL, PALE, SKY, BLUE = "#b84300", "#ea9a6b", "#f4f3ee", "#7fb4dc", "#00538c"
GAIN_AND_LOSS = LinearSegmentedColormap.from_list("gain_and_loss", [VERMILION, CORAL, PALE, SKY, BLUE])
SHARE = LinearSegmentedColormap.from_list("share", [PALE, SKY, BLUE])
_HALO: list[AbstractPathEffect] = [withStroke(linewidth=3, foreground="white")]
_DOTS_PER_INCH = 160


def campaign_economics(pack: Pack, path: Path) -> None:
    """Profit against contacts: measured solid with its band, predicted dashed; a PNG, whole or not at all.

    Marked: this choice, the most profitable by the model where it is another, everyone.
    """
    figure, (axes,) = _figure(1, width=10.5)
    customers = max(pack.decision.customers, 1)
    curve = pack.curve.thinned(CURVE_POINTS)
    contacts = curve.contacts.astype(np.float64)
    axes.axhline(0, color=MUTED, linewidth=1)
    lines = [("Predicted", curve.profit, ACCENT)]
    measured = measured_profit(pack, contacts)
    if measured is not None:
        profit, low, high = measured
        axes.fill_between(contacts, low, high, color=INK, alpha=0.11, linewidth=0)
        lines.insert(0, ("Measured", profit, INK))
        axes.plot(contacts, profit, color=INK, linewidth=2.4, zorder=3)
    axes.plot(contacts, curve.profit, color=ACCENT, linewidth=2, dashes=(4, 2.2), zorder=3)
    _end_labels(axes, customers, [(name, float(y[-1]), colour) for name, y, colour in lines])
    _mark_contacts(axes, pack, contacts, lines[0][1])
    axes.grid(axis="y", color=GRID)
    axes.set_xlim(0, customers)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda n, _: advice.count(n)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: advice.money(v, cents=False)))
    axes.set_xlabel("Customers contacted, best first")
    axes.set_ylabel("Incremental profit")
    band = (
        "" if measured is None else f"; shaded: {advice.percent(LEVEL, 0)} band for the whole measured curve"
    )
    _titles(figure, _economics_finding(pack), _terms(pack) + band)
    _save(figure, path)


def policy_sensitivity_heatmap(pack: Pack, path: Path, grid: SensitivityGrid | None = None) -> None:
    """Over margin and cost: the best share to contact, and what this list earns. PNG, whole or not at all.

    The list's profit is measured where there is an experiment, else predicted; its colours are centred at 0.
    Lines: where contacting everyone, and where this list, breaks even. grid: a finer one than the pack's.
    """
    grid = grid or pack.grid
    figure, (left, right) = _figure(2, width=12.5)
    colours = left.pcolormesh(
        grid.costs, grid.margins, grid.share, cmap=SHARE, vmin=0, vmax=1, shading="nearest", rasterized=True
    )
    _zero_line(left, grid.costs, grid.margins, grid.profit_everyone, "everyone breaks even")
    left.set_title("Best share to contact, by the model", loc="left", color=INK, pad=10)
    _scale(figure, left, colours, lambda v, _: advice.percent(v, 0))

    costs = np.linspace(grid.costs[0], grid.costs[-1], 240)
    margins = np.linspace(grid.margins[0], grid.margins[-1], 240)
    source, revenue = _revenue(pack)
    profit = margins[:, None] * revenue - costs[None, :] * pack.decision.contacts
    end = float(np.abs(profit).max()) or 1.0
    colours = right.pcolormesh(
        costs, margins, profit, cmap=GAIN_AND_LOSS, norm=TwoSlopeNorm(0, -end, end), rasterized=True
    )
    _zero_line(right, costs, margins, profit, "this list breaks even")
    right.set_title(
        f"Profit of this list of {advice.count(pack.decision.contacts)}, {source}",
        loc="left",
        color=INK,
        pad=10,
    )
    _scale(figure, right, colours, lambda v, _: advice.money(v, cents=False))
    for axes in (left, right):
        axes.plot(
            pack.scenario.cost, pack.scenario.margin, "o", ms=11, mfc="white", mec=INK, mew=2.4, clip_on=False
        )
        axes.annotate(
            "this pack",
            (pack.scenario.cost, pack.scenario.margin),
            xytext=(0, 11),
            textcoords="offset points",
            color=INK,
            weight="bold",
            ha="center",
            path_effects=_HALO,
        )
        axes.set_xlim(grid.costs[0], grid.costs[-1])
        axes.set_ylim(grid.margins[0], grid.margins[-1])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: advice.money(v)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: advice.percent(v, 0)))
        axes.set_xlabel("Cost per contact")
        axes.set_ylabel("Margin")
    _titles(figure, _sensitivity_finding(pack, revenue, source), _terms(pack))
    _save(figure, path)


def _figure(panels: int, width: float) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(width, 6), dpi=_DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    left, right, top = (0.085, 0.885, 0.84) if panels == 1 else (0.06, 0.945, 0.79)
    row = figure.subplots(1, panels, squeeze=False, gridspec_kw={"wspace": 0.27})[0]
    figure.subplots_adjust(left=left, right=right, top=top, bottom=0.115)
    for axes in row:
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.spines["bottom"].set_color(MUTED)
        axes.tick_params(colors=MUTED, length=0, labelsize=10)
        axes.xaxis.label.set(color=MUTED, size=11)
        axes.yaxis.label.set(color=MUTED, size=11)
        axes.set_axisbelow(True)
    return figure, list(row)


def _titles(figure: Figure, finding: str, terms: str) -> None:
    figure.text(0.02, 0.945, finding, size=17, weight="bold", color=INK, va="center")
    figure.text(0.02, 0.885, terms, size=11, color=MUTED, va="center")


def _terms(pack: Pack) -> str:
    scenario = pack.scenario
    parts = [
        f"Margin {advice.percent(scenario.margin)}",
        f"{advice.money(scenario.cost, cents=True)} a contact",
    ]
    if scenario.value != 1:
        parts.append(f"{advice.money(scenario.value, cents=True)} an outcome")
    return ", ".join([*parts, f"{advice.count(pack.decision.customers)} customers"])


def _economics_finding(pack: Pack) -> str:
    decision = pack.decision
    if decision.contacts == 0:
        return "By the model, no contact pays for itself"
    chosen = f"Contacting {advice.percent(decision.share)} of customers"
    if decision.measured is None:
        return f"{chosen} is predicted to earn {advice.money(decision.predicted.profit)}"
    if decision.measured.value < 0:
        return f"{chosen} is measured to lose {advice.plus_minus(decision.measured.scaled(-1.0))}"
    return f"{chosen} is measured to earn {advice.plus_minus(decision.measured)}"


def _sensitivity_finding(pack: Pack, revenue: float, source: str) -> str:
    contacts, scenario = pack.decision.contacts, pack.scenario
    if contacts == 0 or revenue <= 0:
        return "No cost above zero makes this list pay"
    limit = advice.money(scenario.margin * revenue / contacts, cents=True)
    return f"At a margin of {advice.percent(scenario.margin, 0)} this list pays up to {limit} a contact"


def _revenue(pack: Pack) -> tuple[str, float]:
    """Where this list's incremental revenue comes from, and the revenue, money."""
    decision = pack.decision
    if pack.measured is None:
        return "predicted", decision.predicted.revenue
    gain = pack.measured.at(decision.share).value
    return "measured", gain * pack.scenario.value * decision.customers


def _end_labels(axes: Axes, customers: int, ends: list[tuple[str, float, str]]) -> None:
    """Names and values beside the right ends of the lines, kept apart."""
    low, high = axes.get_ylim()
    apart = (high - low) * 0.10
    placed: list[float] = []
    for name, value, colour in sorted(ends, key=lambda end: end[1]):
        y = max(value, placed[-1] + apart) if placed else value
        placed.append(y)
        axes.annotate(
            f"{name}\n{advice.money(value)}",
            (customers, y),
            xytext=(10, 0),
            textcoords="offset points",
            color=colour,
            weight="bold",
            va="center",
            annotation_clip=False,
        )


def _mark_contacts(axes: Axes, pack: Pack, contacts: FloatArray, profit: FloatArray) -> None:
    decision = pack.decision
    marks = {decision.contacts: "this pack"}
    if decision.best_contacts == decision.contacts:
        marks[decision.contacts] = "this pack, best by the model"
    else:
        marks[decision.best_contacts] = "best by the model"
    marks.setdefault(decision.customers, "everyone")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + (high - low) * 0.08)
    taken: list[float] = []
    for count, name in marks.items():
        share = count / max(decision.customers, 1)
        y = float(np.interp(count, contacts, profit))
        here = name.startswith("this pack")
        # Everyone and no one lie on the frame, where a line would only be mistaken for it.
        if 0 < share < 1:
            axes.axvline(count, color=INK if here else MUTED, linewidth=1, linestyle=":", zorder=1)
        axes.plot(
            count,
            y,
            "o",
            ms=11 if here else 7,
            mfc="white",
            mec=INK if here else MUTED,
            mew=2.4 if here else 1.8,
            zorder=5,
            clip_on=False,
        )
        crowded = any(abs(share - other) < 0.18 for other in taken)
        taken.append(share)
        axes.annotate(
            f"{name}: {advice.count(count)}",
            (count, 0.985 - 0.055 * crowded),
            xycoords=("data", "axes fraction"),
            xytext=(-6 if share > 0.6 else 6, 0),
            textcoords="offset points",
            color=INK if here else MUTED,
            weight="bold" if here else "normal",
            ha="right" if share > 0.6 else "left",
            va="top",
            path_effects=_HALO,
        )


def _zero_line(axes: Axes, costs: FloatArray, margins: FloatArray, values: FloatArray, name: str) -> None:
    if values.min() < 0 < values.max():
        line = axes.contour(costs, margins, values, levels=[0.0], colors=INK, linewidths=1.6)
        path = line.allsegs[0][0]
        far_from_the_pack = path[int(0.6 * (len(path) - 1))]
        labels = axes.clabel(line, fmt=name, fontsize=10, inline_spacing=6, manual=[far_from_the_pack])
        for text in labels:
            text.set_path_effects(_HALO)


def _scale(figure: Figure, axes: Axes, colours: ScalarMappable, label: Callable[[float, int], str]) -> None:
    bar = figure.colorbar(colours, ax=axes, pad=0.02, fraction=0.05, aspect=30)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=MUTED, length=0, labelsize=10)
    bar.ax.yaxis.set_major_formatter(FuncFormatter(label))


def _save(figure: Figure, path: Path) -> None:
    with replacing(path) as beside:
        figure.savefig(beside, format="png", dpi=_DOTS_PER_INCH)
