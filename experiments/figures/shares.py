"""Where orders go: the share of each channel, one interval a channel."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import own_axes, style


@dataclass(frozen=True)
class Shares:
    """What a plot of shares at one point shows.

    Attributes
    ----------
    frame
        Columns channel (label), mean, low, high (shares in [0, 1]), in the order of the rows.
    colours
        Channel -> colour.
    title
        What the shares are of.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str


def plot_shares(data: Shares, ax: Axes | None = None) -> Axes:
    """Draw a bar a channel with its interval and its number."""
    with style():
        frame = data.frame
        ax = own_axes(height=0.7 + 0.25 * len(frame)) if ax is None else ax
        rows = np.arange(len(frame))
        mean = frame["mean"].to_numpy(float)
        reach = np.nan_to_num(np.stack([mean - frame["low"], frame["high"] - mean]))
        ax.barh(rows, mean, height=0.62, color=[data.colours[str(c)] for c in frame["channel"]], alpha=0.9)
        ax.errorbar(mean, rows, xerr=reach, fmt="none", ecolor="#22262b", elinewidth=0.9)
        for row, value, high in zip(rows, mean, mean + reach[1], strict=True):
            ax.annotate(f"{100 * value:.1f} %", (high, row), xytext=(4, 0), textcoords="offset points", va="center")
        ax.set_yticks(rows, frame["channel"])
        ax.invert_yaxis()
        ax.grid(visible=False)
        ax.set_xlim(0, 1.2 * float(np.nanmax(mean + reach[1])))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g} %"))
        ax.set_title(data.title)
    return ax
