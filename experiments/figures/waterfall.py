"""How a sum comes about: bars that each begin where the last one ended, down to the sum with its interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, INK, QUIET, short_number, style

_BAR = 0.66
_ROW = 0.17
_WIDTH = 2.1
_NAMES = 1.2
_SUM = "All together"


@dataclass(frozen=True)
class Waterfall:
    """What waterfalls show.

    Attributes
    ----------
    frame
        Columns panel, player, mean: one row a bar; the means of a panel add up to its sum.
    total
        Columns panel, mean, low, high: one row a panel, in their order.
    colours
        Player -> colour, in the order of the bars from above.
    title
        The unit.
    """

    frame: pd.DataFrame
    total: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str


def plot_waterfall(data: Waterfall, figure: Figure | None = None) -> Axes:
    """Draw one panel a change, all on one scale, with each bar's number beside it; return the first axes."""
    with style():
        across = math.ceil(math.sqrt(len(data.total)))
        down = math.ceil(len(data.total) / across)
        rows = len(data.colours) + 1
        width = max(COLUMN[0], _NAMES + _WIDTH * across)
        figure = figure or Figure(figsize=(width, down * (_ROW * rows + 0.3) + 0.45))
        grid = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
        for ax, total in zip(grid, data.total.to_dict("records"), strict=False):
            part = data.frame[data.frame["panel"] == total["panel"]].set_index("player")["mean"]
            _draw(ax, part.reindex(list(data.colours)).to_numpy(float), data.colours)
            _draw_total(ax, rows - 1, *(float(total[end]) for end in ("mean", "low", "high")))
            ax.set_title(str(total["panel"]))
        for ax in grid[len(data.total) :]:
            ax.set_axis_off()
        for ax in grid[len(data.total) - across : len(data.total)]:
            ax.tick_params(labelbottom=True)
        first: Axes = grid[0]
        first.set_yticks(range(rows), [*data.colours, _SUM])
        first.set_ylim(rows - 0.4, -0.6)
        first.xaxis.set_major_locator(MaxNLocator(4))
        first.xaxis.set_major_formatter(FuncFormatter(short_number))
        figure.supxlabel(data.title, fontsize=7.5)
    return first


def _draw(ax: Axes, means: "np.ndarray[tuple[int], np.dtype[np.float64]]", colours: Mapping[str, Colour]) -> None:
    ends = np.cumsum(means)
    starts = ends - means
    rows = np.arange(len(means))
    ax.axvline(0, color=QUIET, linewidth=0.8)
    ax.barh(rows, means, _BAR, left=starts, color=list(colours.values()), linewidth=0)
    for row, end in zip(rows, ends, strict=True):
        ax.plot([end, end], [row - _BAR / 2, row + 1 + _BAR / 2], color=QUIET, linewidth=0.6)
    for row, mean in zip(rows, means, strict=True):
        _write(ax, int(row), float(mean))
    ax.use_sticky_edges = False
    ax.margins(x=0.06)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")


def _draw_total(ax: Axes, row: int, mean: float, low: float, high: float) -> None:
    reach = np.nan_to_num([[mean - low], [high - mean]])
    ax.barh(row, mean, _BAR, color=QUIET, linewidth=0)
    ax.errorbar(mean, row, xerr=reach, fmt="D", color=INK, markeredgecolor="white", markersize=4)
    _write(ax, row, mean)


def _write(ax: Axes, row: int, mean: float) -> None:
    """Write a number at the right edge, outside of where bars and intervals can be."""
    sign = "+" if round(mean) > 0 else ""
    ax.annotate(
        f"{sign}{short_number(float(round(mean)))}",
        xy=(1.0, row),
        xycoords=("axes fraction", "data"),
        xytext=(30, 0),
        textcoords="offset points",
        va="center",
        ha="right",
        fontsize=6.5,
    )
