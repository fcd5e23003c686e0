"""Who bears a policy: gains above and losses below a line, stacked by stakeholder."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.theme import COLUMN, INK, QUIET, own_axes, short_number, style

_BAR = 0.62
_INCHES = 0.62


@dataclass(frozen=True)
class Incidence:
    """What stacked bars of incidence show.

    Attributes
    ----------
    frame
        Columns bar (name), player, mean: one row a bar and player.
    net
        Columns bar, mean, low, high: the sum of all, one row a bar.
    colours
        Player -> colour, in the order of the stack and legend.
    title
        The unit.
    """

    frame: pd.DataFrame
    net: pd.DataFrame
    colours: Mapping[str, str]
    title: str


def plot_incidence(data: Incidence, ax: Axes | None = None) -> Axes:
    """Draw bars, gains upwards and losses downwards, and the sum as a dot with its interval."""
    with style():
        bars = data.net["bar"].tolist()
        longest = max(map(len, bars))
        ax = own_axes(max(COLUMN[0], _INCHES * len(bars) + 0.9), COLUMN[1] + 1.0 + 0.03 * longest) if ax is None else ax
        up, down = np.zeros(len(bars)), np.zeros(len(bars))
        for player, colour in data.colours.items():
            values = data.frame[data.frame["player"] == player].set_index("bar")["mean"].reindex(bars).to_numpy(float)
            values = np.nan_to_num(values)
            base = np.where(values >= 0, up, down)
            ax.bar(range(len(bars)), values, _BAR, bottom=base, color=colour, label=player, linewidth=0)
            up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
        ax.axhline(0, color=QUIET, linewidth=0.8)
        mean = data.net["mean"].to_numpy(float)
        reach = np.nan_to_num(np.stack([mean - data.net["low"], data.net["high"] - mean]))
        ax.errorbar(
            range(len(bars)),
            mean,
            reach,
            fmt="D",
            color=INK,
            markeredgecolor="white",
            markersize=4,
            label="all together",
        )
        ax.set_xticks(range(len(bars)), bars)
        for label in ax.get_xticklabels():
            label.set(rotation=35, ha="right", rotation_mode="anchor")
        ax.set_title(data.title)
        ax.yaxis.set_major_locator(MaxNLocator(6))
        ax.yaxis.set_major_formatter(FuncFormatter(short_number))
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), handlelength=1.0)
    return ax
