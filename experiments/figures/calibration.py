"""Pictures of a calibration: how far each moment is from its target, and which moment moves which parameter."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from galleria.experiments.figures.theme import COLUMN, GRID, INK, QUIET, own_axes, style

_EVEN = 1.96
"""Standard errors within which 95 of a hundred moments lie by chance."""


def plot_residuals(frame: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw one dot a moment: simulated less seen, in standard errors of what was seen.

    Parameters
    ----------
    frame
        Columns label, off_in_se, simulated_se_in_se, in the order of the rows.
    ax
        Where; a figure of its own by default.
    """
    with style():
        ax = own_axes(height=0.8 + 0.24 * len(frame)) if ax is None else ax
        rows = np.arange(len(frame))
        off, noise = frame["off_in_se"].to_numpy(float), frame["simulated_se_in_se"].to_numpy(float)
        ax.axvspan(-_EVEN, _EVEN, color=GRID, zorder=0)
        ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
        ax.hlines(rows, off - _EVEN * noise, off + _EVEN * noise, color=INK, linewidth=1.4, alpha=0.55)
        ax.plot(off, rows, "o", color=INK, markersize=4.2, markeredgecolor="white")
        ax.set_yticks(rows, frame["label"])
        ax.set_ylim(len(frame) - 0.5, -0.5)
        ax.set_axisbelow(True)
        ax.grid(visible=False, axis="y")
        ax.set_xlabel("Simulated less seen (standard errors)")
    return ax


def plot_influence(cells: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw a heat map, parameters by moments: how many standard errors a parameter moves with one of a moment.

    Parameters
    ----------
    cells
        One row a parameter, one column a moment, both labelled.
    ax
        Where; a figure of its own by default.
    """
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    with style():
        size = (max(COLUMN[0], 1.6 + 0.62 * cells.shape[1]), 1.3 + 0.28 * cells.shape[0])
        ax = own_axes(*size) if ax is None else ax
        largest = float(np.abs(cells.to_numpy(float)).max())
        sns.heatmap(
            cells,
            ax=ax,
            cmap="vlag",
            vmin=-largest,
            vmax=largest,
            annot=True,
            fmt="+.2f",
            annot_kws={"size": 6.2},
            cbar=False,
            linewidths=1.0,
            linecolor="white",
        )
        ax.set(xlabel="", ylabel="")
        ax.tick_params(length=0)
        ax.set_xticks(ax.get_xticks(), list(cells.columns), rotation=30, ha="right")
        ax.tick_params(axis="y", rotation=0)
    return ax
