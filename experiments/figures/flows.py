"""Where one stream would go: bands as wide as the shares, from one bar to many."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.figures.end_labels import Colour, label_ends
from galleria.experiments.figures.theme import COLUMN, INK, own_axes, style

_GAP = 0.035
"""Room between two bands where they arrive, in shares of the stream."""
_BAR = 0.035
"""Width of the bars at either end, in the width of the axes."""


@dataclass(frozen=True)
class Flows:
    """What a plot of flows shows.

    Attributes
    ----------
    frame
        Columns to (name), share, text (written behind the name); a row a band, the uppermost first.
    colours
        Name -> colour.
    source
        Name of the stream.
    title
        What is divided.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    source: str
    title: str


def plot_flows(data: Flows, ax: Axes | None = None) -> Axes:
    """Draw a band to each destination, as wide as its share of the stream."""
    with style():
        ax = own_axes(height=COLUMN[1]) if ax is None else ax
        ax.set_axis_off()
        shares = np.nan_to_num(data.frame["share"].to_numpy(float))
        height = 1 + _GAP * (len(shares) - 1)
        ax.set_xlim(0, 1.75)
        ax.set_ylim(-0.02, height + 0.02)
        leaves = height / 2 + 0.5
        arrives, ends = height, []
        ax.fill_betweenx([leaves - 1, leaves], 0, _BAR, color=INK, linewidth=0)
        for name, share, text in zip(data.frame["to"], shares, data.frame["text"], strict=True):
            colour = data.colours[str(name)]
            way = np.linspace(0, 1, 60)
            bend = way**2 * (3 - 2 * way)
            top = leaves + (arrives - leaves) * bend
            ax.fill_between(_BAR + way * (1 - 2 * _BAR), top - share, top, color=colour, alpha=0.4, linewidth=0)
            ax.fill_betweenx([arrives - share, arrives], 1 - _BAR, 1, color=colour, linewidth=0)
            ends.append((f"{name} {text}", arrives - share / 2, colour))
            leaves -= share
            arrives -= share + _GAP
        label_ends(ax, 1.04, ends)
        ax.text(_BAR + 0.03, height / 2, data.source, rotation=90, va="center", ha="left", color=INK, fontsize=7)
        ax.set_title(data.title)
    return ax
