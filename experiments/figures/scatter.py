"""One dot a point of a design that varies many factors at once, against one of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.theme import INK, PLAYERS, own_axes, short_number, style


@dataclass(frozen=True)
class Scatter:
    """What a scatter shows.

    Attributes
    ----------
    frame
        Columns x, mean: one row a point.
    trend
        Columns x, mean, low, high: means of the points in fifths of the factor, with intervals.
    title
        What is measured, with its unit.
    x_label
        The factor, with its unit.
    percent_x, percent_y
        Axes in per cent.
    """

    frame: pd.DataFrame
    trend: pd.DataFrame
    title: str
    x_label: str
    percent_x: bool = False
    percent_y: bool = False


def plot_scatter(data: Scatter, ax: Axes | None = None) -> Axes:
    """Draw the points faintly and the means of their fifths with interval bars."""
    with style():
        ax = own_axes() if ax is None else ax
        ax.plot(data.frame["x"], data.frame["mean"], ".", color=PLAYERS["mall_direct"], alpha=0.35, markersize=3)
        mean = data.trend["mean"].to_numpy(float)
        reach = np.nan_to_num(np.stack([mean - data.trend["low"], data.trend["high"] - mean]))
        ax.errorbar(data.trend["x"], mean, reach, color=INK, marker="o", linewidth=1.1, markersize=3)
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(short_number))
        if data.percent_x:
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g} %"))
        if data.percent_y:
            ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g} %"))
    return ax
