"""How earnings are spread over drivers: Lorenz curves."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, QUIET, own_axes, style


@dataclass(frozen=True)
class Lorenz:
    """What Lorenz curves show.

    Attributes
    ----------
    frame
        Columns line (name), drivers, earnings: shares from 0 to 1, rows of a line from the poorest driver on.
    colours
        Line -> colour, in the order of the legend.
    title
        Whose earnings.
    line_label
        What the lines are.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    line_label: str


def plot_lorenz(data: Lorenz, ax: Axes | None = None) -> Axes:
    """Draw one curve a line and the diagonal on which all earn the same."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.5) if ax is None else ax
        ax.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        for name, colour in data.colours.items():
            line = data.frame[data.frame["line"] == name]
            ax.plot(line["drivers"], line["earnings"], color=colour, label=name)
        ax.set_title(data.title)
        ax.set_xlabel("Share of drivers, the lowest earnings first")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(5))
            axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
        ax.legend(title=data.line_label, loc="upper left", alignment="left")
    return ax
