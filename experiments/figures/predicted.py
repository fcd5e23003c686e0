"""What was simulated against the range that closed forms predict, one dot a design point."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, QUIET, own_axes, style


@dataclass(frozen=True)
class Predicted:
    """What a plot of simulated against predicted values shows.

    Attributes
    ----------
    frame
        Columns group (name), predicted and most (between which the prediction is; the same where it is one number),
        mean, low, high: one row a point.
    colours
        Group -> colour, in the order of the legend.
    title, unit
        What is measured.
    group_label
        What the groups are.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    unit: str
    group_label: str


def plot_predicted(data: Predicted, ax: Axes | None = None) -> Axes:
    """Draw dots at the least predicted, quiet lines to the most, interval bars, and the line on which both agree."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.35) if ax is None else ax
        ends = np.array(
            [data.frame[["predicted", "low", "mean"]].min().min(), data.frame[["most", "mean", "high"]].max().max()]
        )
        margin = 0.04 * (ends[1] - ends[0] or 1.0)
        ends = ends + np.array([-margin, margin])
        ax.plot(ends, ends, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), label="both agree")
        for group, colour in data.colours.items():
            part = data.frame[data.frame["group"] == group]
            mean = part["mean"].to_numpy(float)
            reach = np.nan_to_num(np.stack([mean - part["low"], part["high"] - mean]))
            ax.hlines(mean, part["predicted"], part["most"], color=colour, linewidth=0.6, alpha=0.6)
            ax.errorbar(
                part["predicted"], mean, reach, fmt="o", color=colour, markersize=3.4, elinewidth=0.8, label=group
            )
        ax.set_xlim(*ends)
        ax.set_ylim(*ends)
        ax.set_title(data.title)
        ax.set_xlabel(f"Predicted ({data.unit})")
        ax.set_ylabel(f"Simulated ({data.unit})")
        ax.xaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.legend(title=data.group_label, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, handletextpad=0.4)
    return ax
