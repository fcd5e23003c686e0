"""The course of a search: what every tried point gave, round by round, and the check of the winner."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.theme import GRID, INK, PLAYERS, QUIET, own_axes, plain_log, short_number, style

WON, KEPT, BROKEN = PLAYERS["rival_a"], PLAYERS["mall_direct"], PLAYERS["none"]


@dataclass(frozen=True)
class Course:
    """What the plot of a search shows.

    Attributes
    ----------
    frame
        Columns order (1, 2, ...), round (0 is the first), mean, low, high, kept (whether the limits rather hold),
        winner, check (whether this is the winner on fresh replications): one row a point.
    title
        The objective, with its unit, as a difference from the baseline.
    limited
        Whether there are limits.
    """

    frame: pd.DataFrame
    title: str
    limited: bool


def plot_course(data: Course, ax: Axes | None = None) -> Axes:
    """Draw points with interval bars in the order in which they were tried."""
    with style():
        ax = own_axes() if ax is None else ax
        ax.axhline(0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        searched = data.frame[~data.frame["check"]]
        for ends in searched.groupby("round")["order"].agg(["min", "max"]).to_numpy(float)[1::2]:
            ax.axvspan(ends[0] - 0.5, ends[1] + 0.5, color=GRID, alpha=0.5, linewidth=0, zorder=0)
        tried = searched[~searched["winner"]]
        for kept, colour, name in ((True, KEPT, "tried"), (False, BROKEN, "breaks a limit")):
            part = tried[tried["kept"] == kept]
            if len(part):
                _bars(part, ax, colour, "o", name)
        _bars(searched[searched["winner"]], ax, WON, "o", "winner")
        _bars(data.frame[data.frame["check"]], ax, WON, "D", "winner, fresh replications")
        ax.set_title(data.title)
        ax.set_xlabel("Points in the order of the search; shades are rounds")
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(short_number))
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=3, handletextpad=0.3, columnspacing=1.0)
    return ax


def _bars(part: pd.DataFrame, ax: Axes, colour: str, mark: str, name: str) -> None:
    if part.empty:
        return
    mean = part["mean"].to_numpy(float)
    reach = np.nan_to_num(np.stack([mean - part["low"], part["high"] - mean]))
    ax.errorbar(part["order"], mean, reach, fmt=mark, color=colour, label=name, elinewidth=0.8, markersize=3.4)


@dataclass(frozen=True)
class Slice:
    """What the plot of an objective along one factor shows.

    Attributes
    ----------
    curve
        Columns x, mean, low, high: what is expected along the factor, the others at the winner's levels.
    points
        Columns x, mean, low, high, near (0 to 1: how near the point lies to the curve), winner.
    title, x_label
        The objective and the factor, with units.
    percent_x, log_x
        How the factor's axis is written.
    """

    curve: pd.DataFrame
    points: pd.DataFrame
    title: str
    x_label: str
    percent_x: bool = False
    log_x: bool = False


def plot_slice(data: Slice, ax: Axes | None = None) -> Axes:
    """Draw the expected objective with its band, and the points, fainter the further they lie from the curve."""
    with style():
        ax = own_axes() if ax is None else ax
        if data.log_x:
            ax.set_xscale("log")
            plain_log(ax.xaxis)
        ax.axhline(0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
        ax.fill_between(data.curve["x"], data.curve["low"], data.curve["high"], color=KEPT, alpha=0.16, linewidth=0)
        ax.plot(data.curve["x"], data.curve["mean"], color=KEPT)
        for point in data.points.to_dict("records"):
            colour = WON if point["winner"] else INK
            reach = np.nan_to_num([[point["mean"] - point["low"]], [point["high"] - point["mean"]]])
            strength = 1.0 if point["winner"] else 0.15 + 0.85 * float(point["near"])
            ax.errorbar(
                [point["x"]],
                [point["mean"]],
                reach,
                fmt="o",
                color=colour,
                alpha=strength,
                elinewidth=0.8,
                markersize=3,
            )
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(short_number))
        if not data.log_x:
            ax.xaxis.set_major_locator(MaxNLocator(5))
        if data.percent_x:
            ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g} %"))
        _widen(ax, data)
    return ax


def _widen(ax: Axes, data: Slice) -> None:
    """Fit the axis to the curve and the means, not to the longest bar of a poor point."""
    seen = np.concatenate([data.curve[["low", "high"]].to_numpy(float).ravel(), data.points["mean"], [0.0]])
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    margin = 0.06 * (high - low or 1.0)
    ax.set_ylim(low - margin, high + margin)
