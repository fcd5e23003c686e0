"""A day by the hour: orders of each courier and the drivers on line."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour, legend
from galleria.experiments.figures.theme import own_axes, style

MOST_ROOM = 2.2
"""Height of the axes at most, in heights of the tallest line."""


@dataclass(frozen=True)
class DayByHour:
    """What a plot of the day shows.

    Attributes
    ----------
    frame
        Columns line (label), hour (0..23), mean, low, high, rows of a line in the order of the hours.
    colours
        Line -> colour.
    title
        What is counted.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str


def _top(frame: pd.DataFrame) -> float:
    tallest, highest = float(frame["mean"].max()), float(frame["high"].max())
    wanted = 1.05 * (highest if np.isfinite(highest) else tallest)
    return min(wanted, MOST_ROOM * tallest) or 1.0


def plot_day(data: DayByHour, ax: Axes | None = None) -> Axes:
    """Draw one line with its interval band a courier over the hours of the day."""
    with style():
        ax = own_axes() if ax is None else ax
        for name, line in data.frame.groupby("line", sort=False):
            colour = data.colours[str(name)]
            at = line["hour"].to_numpy(float) + 0.5
            ax.fill_between(at, line["low"], line["high"], color=colour, alpha=0.16, linewidth=0)
            ax.plot(at, line["mean"], color=colour, label=str(name))
        ax.set_xlim(0, 24)
        # Two or three replications give bands that would leave the lines no room.
        ax.set_ylim(0, _top(data.frame))
        ax.set_xticks(range(0, 25, 6))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{hour:02.0f}:00"))
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.set_title(data.title)
        # The morning is empty in every city: there is room for the names.
        legend(ax, "upper left")
    return ax
