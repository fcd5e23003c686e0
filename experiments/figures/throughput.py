"""What a closed form says of throughput by the number of idle drivers, and what was simulated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, INK, QUIET, own_axes, plain_log, style


@dataclass(frozen=True)
class Throughput:
    """What a plot of throughput shows.

    Attributes
    ----------
    curves
        Columns drivers, idle, low, high: what the closed form allows.
    dots
        Columns line (name), idle, mean, low, high: one row a design point.
    colours
        Line -> colour, in the order of the legend.
    title, line_label
        What is measured, with its unit; what the lines are.
    """

    curves: pd.DataFrame
    dots: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    line_label: str


def plot_throughput(data: Throughput, ax: Axes | None = None) -> Axes:
    """Draw a band for each number of drivers and dots with interval bars over idle drivers on a logarithmic scale."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.3) if ax is None else ax
        for drivers, band in data.curves.groupby("drivers"):
            ax.fill_between(band["idle"], band["low"], band["high"], color=QUIET, alpha=0.16, linewidth=0)
            ax.plot(band["idle"], band["high"], color=QUIET, linewidth=0.9)
            ax.plot(band["idle"], band["low"], color=QUIET, linewidth=0.9, linestyle=(0, (4, 3)))
            top = int(np.argmax(band["high"].to_numpy()))
            ax.annotate(
                f"{drivers:g} drivers",
                (float(band["idle"].iloc[top]), float(band["high"].iloc[top])),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                fontsize=6.5,
                color=INK,
            )
        for name, colour in data.colours.items():
            part = data.dots[data.dots["line"] == name]
            mean = part["mean"].to_numpy(float)
            reach = np.nan_to_num(np.stack([mean - part["low"], part["high"] - mean]))
            ax.errorbar(part["idle"], mean, reach, fmt="o", color=colour, markersize=3.0, elinewidth=0.7, label=name)
        ax.set_xscale("log")
        plain_log(ax.xaxis)
        ax.set_ylim(0, None)
        ax.set_title(data.title)
        ax.set_xlabel("Idle drivers")
        ax.legend(title=data.line_label, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.4)
    return ax
