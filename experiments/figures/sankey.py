"""Who pays whom: bands as wide as the money, from those who pay on the left to those who keep it on the right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.figures.end_labels import Colour, spread
from galleria.experiments.figures.theme import COLUMN, INK, own_axes, style

_GAP = 0.07
"""Room between two neighbours of a column, in shares of the tallest column."""
_BAR = 0.03
"""Width of a party's bar, in the width between two columns."""
_NAMES = 0.62
"""Room for names beside the outer columns, in the width between two columns."""
_TWO_LINES = 0.24
"""Height of a name and its number, in inches."""


@dataclass(frozen=True)
class Sankey:
    """What a Sankey diagram shows.

    Attributes
    ----------
    frame
        Columns payer, payee, amount (above zero): a row a band; neighbouring columns only.
    columns
        Parties of each column from left to right, the uppermost first.
    colours
        Party -> colour.
    texts
        Party -> what is written beside its name.
    title
        What flows, with its unit.
    """

    frame: pd.DataFrame
    columns: Sequence[Sequence[str]]
    colours: Mapping[str, Colour]
    texts: Mapping[str, str]
    title: str


def plot_sankey(data: Sankey, ax: Axes | None = None) -> Axes:
    """Draw a bar a party, as high as the money that goes through it, and a band a payment."""
    with style():
        tall = max(map(len, data.columns))
        ax = own_axes(height=max(COLUMN[1], 0.45 * tall + 0.9)) if ax is None else ax
        ax.set_axis_off()
        into = data.frame.groupby("payee")["amount"].sum()
        out = data.frame.groupby("payer")["amount"].sum()
        size = {p: max(float(into.get(p, 0.0)), float(out.get(p, 0.0))) for each in data.columns for p in each}
        whole = max(sum(size[party] for party in column) for column in data.columns)
        tops = {party: top for column in data.columns for party, top in _stacked(column, size, _GAP * whole).items()}
        place = {party: x for x, column in enumerate(data.columns) for party in column}
        leaves, arrives = dict(tops), dict(tops)
        order = {party: row for column in data.columns for row, party in enumerate(column)}
        bands = data.frame.sort_values(["payer", "payee"], key=lambda names: names.map(order), kind="stable")
        for payer, payee, amount in bands[["payer", "payee", "amount"]].itertuples(index=False):
            across, down = (place[payer] + _BAR, place[payee]), (leaves[payer], arrives[payee])
            _band(ax, across, down, float(amount), data.colours[payer])
            leaves[payer] -= amount
            arrives[payee] -= amount
        for party, x in place.items():
            ends = [tops[party] - size[party], tops[party]]
            ax.fill_betweenx(ends, x, x + _BAR, color=data.colours[party], linewidth=0)
        ax.set_xlim(-_NAMES, len(data.columns) - 1 + _BAR + _NAMES)
        ax.set_ylim(min(tops[p] - size[p] for p in place) - 0.02 * whole, max(tops.values()) + 0.07 * whole)
        _name(ax, data, tops, size)
        ax.set_title(data.title)
    return ax


def _stacked(column: Sequence[str], size: Mapping[str, float], gap: float) -> dict[str, float]:
    """Return the upper end of every bar of a column, the column's middle at zero."""
    top = (sum(size[party] for party in column) + gap * (len(column) - 1)) / 2
    tops = {}
    for party in column:
        tops[party] = top
        top -= size[party] + gap
    return tops


def _band(ax: Axes, x: tuple[float, float], top: tuple[float, float], amount: float, colour: Colour) -> None:
    way = np.linspace(0, 1, 60)
    upper = top[0] + (top[1] - top[0]) * way**2 * (3 - 2 * way)
    ax.fill_between(x[0] + way * (x[1] - x[0]), upper - amount, upper, color=colour, alpha=0.35, linewidth=0)


def _name(ax: Axes, data: Sankey, tops: Mapping[str, float], size: Mapping[str, float]) -> None:
    """Write names beside the outer columns, kept apart, and above the bars of those between."""
    low, high = ax.get_ylim()
    inches = ax.get_figure(root=True).get_size_inches()[1] * 0.85  # type: ignore[union-attr]
    gap = (high - low) * _TWO_LINES / inches
    last = len(data.columns) - 1
    for x, column in enumerate(data.columns):
        if 0 < x < last:
            for party in column:
                text = f"{party} {data.texts[party]}"
                ax.text(x + _BAR / 2, tops[party], text, ha="center", va="bottom", fontsize=6, color=INK)
            continue
        places = spread([tops[party] - size[party] / 2 for party in column], gap, low, high)
        for party, at in zip(column, places, strict=True):
            edge, side = (x + _BAR + 0.04, "left") if x else (-0.04, "right")
            ax.text(edge, at, f"{party}\n{data.texts[party]}", ha=side, va="center", fontsize=6.5, color=INK)
