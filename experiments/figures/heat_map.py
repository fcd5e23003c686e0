"""Heat maps: a metric over two factors."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from galleria.experiments.figures.theme import COLUMN, INK, own_axes, style
from galleria.experiments.figures.tick_labels import set_apart

_MOST_CELLS_WITH_NUMBERS = 64


@dataclass(frozen=True)
class HeatMap:
    """What a heat map shows.

    Attributes
    ----------
    frame
        Columns x, y (labels of the levels), mean, low, high, in the order of the levels.
    title
        What is measured, with its unit.
    x_label, y_label
        The factors, with their units.
    scale, decimals
        Numbers in the cells are `mean * scale` with so many decimals.
    baseline
        (x, y) of the baseline point, framed; or None.
    """

    frame: pd.DataFrame
    title: str
    x_label: str
    y_label: str
    scale: float = 1.0
    decimals: int = 0
    baseline: tuple[str, str] | None = None


def plot_heat_map(data: HeatMap, ax: Axes | None = None) -> Axes:
    """Draw the mean of each point as a coloured cell with its number; the lowest levels stand lower left."""
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    with style():
        ax = own_axes(height=COLUMN[1] * 1.05) if ax is None else ax
        columns, rows = list(dict.fromkeys(data.frame["x"])), list(dict.fromkeys(data.frame["y"]))
        mean = data.frame.pivot_table(index="y", columns="x", values="mean", sort=False, dropna=False)
        cells = mean.reindex(index=rows, columns=columns).astype(float) * data.scale
        numbers = cells.map(lambda v: "" if np.isnan(v) else f"{v:,.{data.decimals}f}")
        written = cells.size <= _MOST_CELLS_WITH_NUMBERS
        sns.heatmap(
            cells,
            ax=ax,
            cmap="crest",
            annot=numbers if written else None,
            fmt="",
            annot_kws={"size": 7 if len(columns) <= 6 else 5.6},
            cbar=not written,
            cbar_kws={"shrink": 0.85},
            linewidths=1.0,
            linecolor="white",
        )
        ax.invert_yaxis()
        ax.tick_params(axis="both", rotation=0, length=0)
        set_apart(ax, [str(name) for name in columns])
        if data.baseline is not None and data.baseline[0] in columns and data.baseline[1] in rows:
            corner = (columns.index(data.baseline[0]), rows.index(data.baseline[1]))
            ax.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=INK, linewidth=1.6, clip_on=False))
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        ax.set_ylabel(data.y_label)
    return ax
