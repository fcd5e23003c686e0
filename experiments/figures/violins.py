"""How something is spread within groups: a violin a group, with its quartiles."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, QUIET, own_axes, style

_ROW = 0.42


@dataclass(frozen=True)
class Violins:
    """What violins show.

    Attributes
    ----------
    frame
        Columns group (name), value: one row an individual.
    colours
        Group -> colour, in the order from above.
    title
        Of whom, and what.
    axis
        Name of the value with its unit.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    axis: str


def plot_violins(data: Violins, ax: Axes | None = None) -> Axes:
    """Draw one violin a group, cut at the lowest and highest value, with lines at the quartiles."""
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    with style():
        ax = own_axes(height=max(COLUMN[1] * 0.7, 0.8 + _ROW * len(data.colours))) if ax is None else ax
        ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        sns.violinplot(
            data.frame,
            x="value",
            y="group",
            hue="group",
            order=list(data.colours),
            palette=dict(data.colours),
            legend=False,
            orient="h",
            inner="quart",
            density_norm="width",
            cut=0,
            linewidth=0.7,
            saturation=0.75,
            ax=ax,
        )
        ax.grid(visible=False, axis="y")
        ax.grid(visible=True, axis="x")
        ax.set(xlabel=data.axis, ylabel="")
        ax.set_title(data.title)
    return ax
