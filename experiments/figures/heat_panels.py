"""Heat maps side by side on one scale of colours: a metric over two factors, one panel a level of a third."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from galleria.experiments.figures.theme import COLUMN, style
from galleria.experiments.figures.tick_labels import set_apart


@dataclass(frozen=True)
class HeatPanels:
    """What the panels show.

    Attributes
    ----------
    frames
        Title of a panel -> columns x, y (labels of the levels) and mean, in the order of the levels.
    title
        What is measured, with its unit.
    x_label, y_label
        The factors, with their units.
    decimals
        Of the numbers in the cells.
    """

    frames: Mapping[str, pd.DataFrame]
    title: str
    x_label: str
    y_label: str
    decimals: int


def plot_heat_panels(data: HeatPanels) -> Axes:
    """Draw two panels a row, with numbers in the cells; the lowest levels stand lower left."""
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    with style():
        rows = -(-len(data.frames) // 2)
        figure = Figure(figsize=(2 * COLUMN[0], 0.4 + rows * COLUMN[1] * 0.85))
        axes = np.atleast_2d(figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False))
        means = pd.concat(data.frames.values())["mean"]
        for ax, (name, frame) in zip(axes.flat, data.frames.items(), strict=False):
            cells = frame.pivot_table(index="y", columns="x", values="mean", sort=False, dropna=False)
            cells = cells.reindex(index=list(dict.fromkeys(frame["y"])), columns=list(dict.fromkeys(frame["x"])))
            sns.heatmap(
                cells.astype(float),
                ax=ax,
                cmap="crest",
                vmin=means.min(),
                vmax=means.max(),
                annot=True,
                fmt=f",.{data.decimals}f",
                annot_kws={"size": 6.2},
                cbar=False,
                linewidths=1.0,
                linecolor="white",
            )
            ax.set_title(name)
            ax.set_xlabel("")
            ax.set_ylabel("")
            ax.tick_params(axis="both", rotation=0, length=0)
            set_apart(ax, [str(name) for name in cells.columns])
        for ax in list(axes.flat)[len(data.frames) :]:
            ax.set_axis_off()
        axes[0, 0].invert_yaxis()
        figure.suptitle(data.title, x=0.01, ha="left", fontsize=7.5)
        figure.supxlabel(data.x_label, fontsize=7.5)
        figure.supylabel(data.y_label, fontsize=7.5)
    first: Axes = axes[0, 0]
    return first
