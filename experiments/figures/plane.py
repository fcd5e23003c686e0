"""Two measures against each other, one dot a design point."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.figures.end_labels import Colour
from experiments.figures.theme import COLUMN, own_axes, short_number, style


@dataclass(frozen=True)
class Plane:
    """What the plane of two measures shows.

    Attributes
    ----------
    frame
        Columns group (name), x, x_low, x_high, y, y_low, y_high, label (at the dot, may be empty): one row a point.
    colours
        Group -> colour, in the order of the legend.
    x_label, title
        The measures, with units; the title is that of the upright axis.
    group_label
        What the groups are.
    joined
        Join the points of a group, in the order of the rows.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    x_label: str
    title: str
    group_label: str
    joined: bool = True


def plot_plane(data: Plane, ax: Axes | None = None) -> Axes:
    """Draw dots with interval bars both ways."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.2) if ax is None else ax
        for group, colour in data.colours.items():
            part = data.frame[data.frame["group"] == group]
            across, upwards = (
                np.nan_to_num(np.stack([part[end] - part[f"{end}_low"], part[f"{end}_high"] - part[end]]))
                for end in ("x", "y")
            )
            ax.errorbar(
                part["x"],
                part["y"],
                yerr=upwards,
                xerr=across,
                marker="o",
                linestyle="-" if data.joined else "",
                linewidth=0.8,
                color=colour,
                elinewidth=0.6,
                markersize=3.4,
                label=group,
            )
            for point in part[part["label"] != ""].to_dict("records"):
                ax.annotate(
                    str(point["label"]),
                    (point["x"], point["y"]),
                    xytext=(3, 3),
                    textcoords="offset points",
                    fontsize=6,
                    color=colour,
                )
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5))
            axis.set_major_formatter(FuncFormatter(short_number))
        if len(data.colours) > 1:
            ax.legend(title=data.group_label, loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
    return ax
