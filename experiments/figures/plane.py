"""Two measures against each other, one dot a design point."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, QUIET, own_axes, short_number, style


@dataclass(frozen=True)
class Plane:
    """What the plane of two measures shows.

    Attributes
    ----------
    frame
        Columns group and mark (names), x, x_low, x_high, y, y_low, y_high: one row a point.
    colours
        Group -> colour, in the order of the legend.
    marks
        Mark -> marker, in the order of the legend; a single one is not explained.
    x_label, title
        The measures, with units; the title is that of the upright axis.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    marks: Mapping[str, str]
    x_label: str
    title: str


def plot_plane(data: Plane, ax: Axes | None = None) -> Axes:
    """Draw dots with interval bars both ways, and lines at no difference."""
    with style():
        ax = own_axes(height=COLUMN[1] + 0.5 + 0.13 * len(data.colours)) if ax is None else ax
        ax.axhline(0, color=QUIET, linewidth=0.6, linestyle=(0, (4, 3)))
        ax.axvline(0, color=QUIET, linewidth=0.6, linestyle=(0, (4, 3)))
        for (group, mark), part in data.frame.groupby(["group", "mark"], sort=False):
            across, upwards = (
                np.nan_to_num(np.stack([part[end] - part[f"{end}_low"], part[f"{end}_high"] - part[end]]))
                for end in ("x", "y")
            )
            ax.errorbar(
                part["x"],
                part["y"],
                yerr=upwards,
                xerr=across,
                marker=data.marks[str(mark)],
                linestyle="",
                color=data.colours[str(group)],
                elinewidth=0.6,
                markersize=4,
            )
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5))
            axis.set_major_formatter(FuncFormatter(short_number))
        dots = [Line2D([], [], marker="o", linestyle="", color=each, label=name) for name, each in data.colours.items()]
        if len(data.marks) > 1:
            shapes = [
                Line2D([], [], marker=each, linestyle="", color=QUIET, label=name) for name, each in data.marks.items()
            ]
            # Colours fill the left column, shapes the right one.
            empty = [Line2D([], [], linestyle="", label=" ") for _ in range(abs(len(dots) - len(shapes)))]
            dots = dots + shapes + empty if len(dots) >= len(shapes) else dots + empty + shapes
        ax.legend(handles=dots, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.2)
    return ax
