"""Response curves: a metric against one factor, with interval bands."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from galleria.experiments.figures.end_labels import Colour, label_ends
from galleria.experiments.figures.theme import INK, own_axes, short_number, style
from galleria.experiments.figures.tick_labels import set_apart


@dataclass(frozen=True)
class Response:
    """What a response plot shows.

    Attributes
    ----------
    frame
        Columns line (name), x (number or category), mean, low, high; rows of a line in the order of x.
    colours
        Line -> colour, in the order of the legend.
    title
        What is measured, with its unit; stands over the axes.
    x_label
        The factor, with its unit.
    line_label
        What the lines are, or None when there is one line only.
    percent_x, percent_y
        Axes in per cent.
    bands
        Which lines have an interval band: all, or the first and the last only, where many bands would hide
        each other.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    title: str
    x_label: str
    line_label: str | None = None
    percent_x: bool = False
    percent_y: bool = False
    bands: Literal["all", "outer"] = "all"


def plot_response(data: Response, ax: Axes | None = None) -> Axes:
    """Draw lines with interval bands over a numeric factor, dots with interval bars over categories."""
    with style():
        ax = own_axes() if ax is None else ax
        if pd.api.types.is_numeric_dtype(data.frame["x"]):
            _draw_lines(data, ax)
        else:
            _draw_dots(data, ax)
        ax.set_title(data.title)
        ax.set_xlabel(data.x_label)
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(short_number))
        if data.percent_y:
            ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g} %"))
    return ax


def _draw_lines(data: Response, ax: Axes) -> None:
    ends = []
    names = list(data.colours)
    banded = {names[0], names[-1]} if data.bands == "outer" else set(names)
    for name, line in data.frame.groupby("line", sort=False):
        colour = data.colours[str(name)]
        x, mean = line["x"].to_numpy(float), line["mean"].to_numpy(float)
        if name in banded:
            ax.fill_between(x, line["low"], line["high"], color=colour, alpha=0.16, linewidth=0)
        ax.plot(x, mean, color=colour, marker="o", markeredgecolor="white", markeredgewidth=0.5)
        seen = np.isfinite(mean)
        if seen.any():
            ends.append((str(name), float(mean[seen][-1]), colour))
    x = np.unique(data.frame["x"].to_numpy(float))
    reach = (x[-1] - x[0]) or 1.0
    ax.set_xlim(x[0] - 0.03 * reach, x[-1] + 0.03 * reach)
    ax.set_xticks(x if len(x) <= 6 and np.diff(x).min(initial=reach) > 0.08 * reach else _round_ticks(x))
    if data.percent_x:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if data.line_label is not None:
        label_ends(ax, x[-1] + 0.05 * reach, ends)
        ax.annotate(
            "\n".join(textwrap.wrap(data.line_label, 13)),
            xy=(1.0, 1.0),
            xycoords="axes fraction",
            xytext=(2, 5),
            textcoords="offset points",
            fontsize=6.5,
            color=INK,
            ha="left",
            va="bottom",
        )


def _round_ticks(x: NDArray[np.float64]) -> list[float]:
    ticks = MaxNLocator(5).tick_values(x[0], x[-1])
    return [float(tick) for tick in ticks if x[0] <= tick <= x[-1]]


def _draw_dots(data: Response, ax: Axes) -> None:
    categories = list(dict.fromkeys(data.frame["x"].astype(str)))
    lines = list(data.colours)
    for i, (name, line) in enumerate(data.frame.groupby("line", sort=False)):
        at = np.array([categories.index(c) for c in line["x"].astype(str)], dtype=float)
        at += (i - (len(lines) - 1) / 2) * 0.5 / max(len(lines), 1)
        mean = line["mean"].to_numpy(float)
        reach = np.nan_to_num(np.stack([mean - line["low"], line["high"] - mean]))
        ax.errorbar(at, mean, reach, fmt="o", color=data.colours[str(name)], label=str(name), linewidth=1.2)
    ax.set_xticks(range(len(categories)), [name.replace("_", " ") for name in categories])
    set_apart(ax, categories)
    ax.set_xlim(-0.5, len(categories) - 0.5)
    if data.line_label is not None:
        ax.legend(title=data.line_label, loc="center left", bbox_to_anchor=(1.0, 0.5), title_fontsize=7)
