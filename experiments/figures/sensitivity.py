"""Which factors matter: indices of every factor with intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.theme import INK, PLAYERS, QUIET, own_axes, short_number, style

_MARKS = (("o", PLAYERS["mall_direct"], "full"), ("D", PLAYERS["rival_a"], "none"))


@dataclass(frozen=True)
class Sensitivity:
    """What a plot of indices shows.

    Attributes
    ----------
    frame
        Columns factor (label), index (name), value, low, high; at most two indices, factors in the order of the rows.
    title
        The outcome.
    x_label
        What the indices measure.
    """

    frame: pd.DataFrame
    title: str
    x_label: str


def plot_sensitivity(data: Sensitivity, ax: Axes | None = None) -> Axes:
    """Draw a row a factor with one mark and interval an index."""
    with style():
        factors, indices = list(dict.fromkeys(data.frame["factor"])), list(dict.fromkeys(data.frame["index"]))
        ax = own_axes(height=0.95 + 0.3 * len(factors)) if ax is None else ax
        ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        for i, (index, (marker, colour, fill)) in enumerate(zip(indices, _MARKS, strict=False)):
            rows = data.frame[data.frame["index"] == index].set_index("factor").loc[factors]
            at = np.arange(len(factors)) + (i - (len(indices) - 1) / 2) * 0.28
            value = rows["value"].to_numpy(float)
            reach = np.maximum(np.stack([value - rows["low"], rows["high"] - value]), 0)
            ax.errorbar(
                value,
                at,
                xerr=reach,
                fmt=marker,
                color=colour,
                markerfacecolor=colour if fill == "full" else "white",
                label=index,
                linewidth=1.2,
                markersize=4,
            )
        ax.set_yticks(range(len(factors)), factors, color=INK)
        ax.set_ylim(len(factors) - 0.5, -0.5)
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        ax.xaxis.set_major_locator(MaxNLocator(4))
        ax.set_xlabel(data.x_label)
        ax.xaxis.set_major_formatter(FuncFormatter(short_number))
        # The axes begin right of the names: a long title would run out of the figure.
        title = data.title if len(data.title) <= 28 else data.title.replace(" (", "\n(")
        ax.set_title(title, pad=18 if len(indices) > 1 else None)
        if len(indices) > 1:
            ax.legend(
                loc="lower left",
                bbox_to_anchor=(0.0, 1.0),
                ncols=2,
                borderpad=0.2,
                borderaxespad=0.0,
                columnspacing=1.0,
                handletextpad=0.2,
            )
    return ax
