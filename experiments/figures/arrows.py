"""Where each player moves in the plane of two measures when something changes: one arrow a change."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, INK, darker, short_number, style

_MOST_ACROSS = 4
_WIDTH = 1.95
_HEIGHT = 1.9
_LETTERS_AN_INCH = 14


@dataclass(frozen=True)
class Arrows:
    """What arrows in a plane show.

    Attributes
    ----------
    frame
        Columns player, change (names), x_before, y_before, x, x_low, x_high, y, y_low, y_high: one row an arrow, its
        interval that of the change, laid around the tip.
    players
        Player -> colour of its heading, one panel each.
    changes
        Change -> colour, in the order of the legend; none that a player has.
    start
        Name of where arrows start.
    x_label, title
        The measures, with units; the title is that of the upright axes.
    """

    frame: pd.DataFrame
    players: Mapping[str, Colour]
    changes: Mapping[str, Colour]
    start: str
    x_label: str
    title: str


def plot_arrows(data: Arrows, figure: Figure | None = None) -> Axes:
    """Draw one panel a player, each on its own scale, and a legend below; return the first axes."""
    with style():
        across = min(len(data.players), _MOST_ACROSS)
        down = math.ceil(len(data.players) / across)
        width = max(COLUMN[0], _WIDTH * across + 0.3)
        figure = figure or Figure(figsize=(width, _HEIGHT * down + 0.5 + 0.13 * len(data.changes)))
        grid = figure.subplots(down, across, squeeze=False).ravel()
        for ax, (player, colour) in zip(grid, data.players.items(), strict=False):
            _draw(ax, data.frame[data.frame["player"] == player], data.changes)
            ax.set_title(player, color=darker(colour))
            ax.set_xlabel(data.x_label)
        for ax in grid[len(data.players) :]:
            ax.set_axis_off()
        for ax in grid[: len(data.players) : across]:
            ax.set_ylabel(data.title)
        names: list[Any] = [Line2D([], [], color=each, label=name) for name, each in data.changes.items()]
        names.insert(0, Line2D([], [], linestyle="", label=data.start, **_START))
        longest = max(len(str(each.get_label())) for each in names) + 5
        ncols = max(1, min(len(names), int(width * _LETTERS_AN_INCH / longest)))
        figure.legend(handles=names, loc="outside lower center", ncols=ncols)
        first: Axes = grid[0]
    return first


_START: dict[str, Any] = {"marker": "o", "markersize": 4.5, "color": INK, "markerfacecolor": "white"}


def _draw(ax: Axes, arrows: pd.DataFrame, colours: Mapping[str, Colour]) -> None:
    for arrow in arrows.itertuples():
        row: Any = arrow
        colour = colours[row.change]
        across, upwards = (
            np.nan_to_num([[middle - low], [high - middle]])
            for middle, low, high in ((row.x, row.x_low, row.x_high), (row.y, row.y_low, row.y_high))
        )
        ax.errorbar(row.x, row.y, upwards, across, fmt="none", ecolor=colour, elinewidth=0.7, alpha=0.6)
        ax.annotate(
            "",
            xy=(row.x, row.y),
            xytext=(row.x_before, row.y_before),
            arrowprops={
                "arrowstyle": "-|>",
                "mutation_scale": 8,
                "color": colour,
                "linewidth": 1.4,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
    ax.plot(arrows["x_before"], arrows["y_before"], linestyle="", **_START)
    ax.margins(0.12)
    ax.grid(visible=True, axis="both")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(4))
        axis.set_major_formatter(FuncFormatter(short_number))
