"""How long customers wait: cumulative distribution of delivery times by courier."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator

from galleria.experiments.figures.end_labels import Colour, legend
from galleria.experiments.figures.theme import QUIET, own_axes, style


@dataclass(frozen=True)
class DeliveryTimes:
    """What a plot of delivery times shows.

    Attributes
    ----------
    frame
        Columns courier (label), minutes, share (of delivered orders that took no longer), in order.
    colours
        Courier -> colour.
    title
        What is shown.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str


def plot_delivery_times(data: DeliveryTimes, ax: Axes | None = None) -> Axes:
    """Draw one curve a courier with marks at the median and the nine-tenths."""
    with style():
        ax = own_axes() if ax is None else ax
        for name, curve in data.frame.groupby("courier", sort=False):
            ax.plot(curve["minutes"], curve["share"], color=data.colours[str(name)], label=str(name))
        for share, word in ((0.5, "half"), (0.9, "nine in ten")):
            ax.axhline(share, color=QUIET, linewidth=0.6, dashes=(2, 2), zorder=1)
            ax.annotate(
                word,
                xy=(0, share),
                xycoords=("axes fraction", "data"),
                xytext=(2, 2),
                textcoords="offset points",
                fontsize=6.3,
                color=QUIET,
            )
        ax.set_ylim(0, 1.0)
        ax.set_xlim(0, float(data.frame["minutes"].max()))
        ax.yaxis.set_major_locator(MultipleLocator(0.25))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g} %"))
        ax.set_xlabel("Minutes from order to door")
        ax.set_title(data.title)
        legend(ax, "lower right")
    return ax
