"""What is gained on one measure and lost on another, with a third in colour, and the points that nothing beats."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from galleria.experiments.figures.theme import COLUMN, INK, own_axes, sequence, style


@dataclass(frozen=True)
class Pareto:
    """What a plot of a Pareto front shows; less is better on all three measures.

    Attributes
    ----------
    frame
        Columns x, y, colour (measures) and front (whether no other point is better on all three).
    title, x_label, colour_label
        Names of y, x and colour, with their units.
    """

    frame: pd.DataFrame
    title: str
    x_label: str
    colour_label: str


def unbeaten(points: "pd.DataFrame") -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Tell for each row whether no other row is at most as large in all columns and smaller in one."""
    values = points.to_numpy(float)
    no_larger = (values[None] <= values[:, None]).all(axis=2)
    smaller = (values[None] < values[:, None]).any(axis=2)
    return np.asarray(~(no_larger & smaller).any(axis=1))


def plot_pareto(data: Pareto, ax: Axes | None = None) -> Axes:
    """Draw all points by colour, those that nothing beats with a dark edge."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.15) if ax is None else ax
        shown = data.frame.sort_values("front")
        edges = [INK if front else "white" for front in shown["front"]]
        dots = ax.scatter(
            shown["x"],
            shown["y"],
            c=shown["colour"],
            cmap=ListedColormap(sequence(256)),
            s=22,
            edgecolors=edges,
            linewidths=0.8,
        )
        bar = ax.get_figure(root=True).colorbar(dots, ax=ax, shrink=0.85)  # type: ignore[union-attr]  # has a figure
        bar.set_label(data.colour_label, fontsize=7)
        bar.outline.set_visible(False)
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
    return ax
