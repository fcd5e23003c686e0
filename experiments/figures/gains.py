"""Who gains and who loses: paired differences by stakeholder."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import INK, MINUS, QUIET, own_axes, style

_TITLE = 38
"""Letters of a title that fit above the figure on a line."""


@dataclass(frozen=True)
class Gains:
    """What a plot of gains and losses shows.

    Attributes
    ----------
    frame
        Columns player (label), mean, low, high ($ a day, paired differences), text (the number written
        beside the row), in the order of the rows.
    colours
        Player -> colour.
    title
        The comparison.
    unit
        Of the gains.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    unit: str = "$ a day"


def plot_gains(data: Gains, ax: Axes | None = None) -> Axes:
    """Draw one dot and interval a stakeholder around a line at zero."""
    with style():
        frame = data.frame
        ax = own_axes(height=0.75 + 0.24 * len(frame)) if ax is None else ax
        rows = np.arange(len(frame))
        ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        mean, low, high = (frame[column].to_numpy(float) for column in ("mean", "low", "high"))
        for row, player, text in zip(rows, frame["player"], frame["text"], strict=True):
            colour = data.colours[str(player)]
            ax.plot([low[row], high[row]], [row, row], color=colour, linewidth=2.2, alpha=0.55)
            ax.plot(mean[row], row, "o", color=colour, markersize=4.2, markeredgecolor="white")
            ax.annotate(
                str(text),
                xy=(1.0, row),
                xycoords=("axes fraction", "data"),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=6.5,
                color=INK,
            )
        ax.set_yticks(rows, frame["player"])
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        # Beside names and numbers there is room for few ticks, and none for four figures at each.
        largest = float(np.nanmax(np.abs(frame[["mean", "low", "high"]].to_numpy(float)), initial=0.0))
        thousands = largest >= 2_000
        step = 1000.0 if thousands else 1.0
        ax.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x / step:+,.4g}".replace("-", MINUS) if x else "0"))
        ax.set_xlabel(f"Thousand {data.unit}" if thousands else data.unit)
        ax.set_title(textwrap.fill(data.title, _TITLE))
    return ax
