"""Small multiples: rows of measures, columns of one factor's levels, lines of another's."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.end_labels import Colour
from galleria.experiments.figures.theme import COLUMN, QUIET, short_number, style

_HEIGHT = 1.55
_WIDTH = 2.0
_LABEL = 28
_LETTERS_AN_INCH = 17


@dataclass(frozen=True)
class Panels:
    """What small multiples show.

    Attributes
    ----------
    frame
        Columns row (measure), column, line, x, mean, low, high.
    colours
        Line -> colour, in the order of the legend.
    rows
        Row -> title with unit.
    columns
        Column -> heading.
    x_label, line_label
        Names of the factors on the axis and of the lines.
    percent_x, percent_rows
        Axes in per cent.
    zero
        Draw a line at zero: what is shown are differences.
    """

    frame: pd.DataFrame
    colours: Mapping[str, Colour]
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    x_label: str
    line_label: str
    percent_x: bool = False
    percent_rows: tuple[str, ...] = ()
    zero: bool = False


def plot_panels(data: Panels, figure: Figure | None = None) -> Axes:
    """Draw a grid of axes; a row shares its scale; return the first axes."""
    with style():
        width = max(COLUMN[0], _WIDTH * len(data.columns) + 0.5)
        figure = figure or Figure(figsize=(width, _HEIGHT * len(data.rows) + 0.55))
        grid = figure.subplots(len(data.rows), len(data.columns), sharex=True, sharey="row", squeeze=False)
        for axes, (row, title) in zip(grid, data.rows.items(), strict=True):
            for ax, column in zip(axes, data.columns, strict=True):
                part = data.frame[(data.frame["row"] == row) & (data.frame["column"] == column)]
                _draw(data, part, ax)
                if row in data.percent_rows:
                    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{100 * y:g} %"))
            axes[0].set_title(title)
        if len(data.columns) > 1:
            for ax, heading in zip(grid[0], data.columns.values(), strict=True):
                ax.annotate(
                    heading,
                    xy=(1, 1),
                    xycoords="axes fraction",
                    xytext=(0, 16),
                    textcoords="offset points",
                    ha="right",
                    fontsize=7,
                    color=QUIET,
                )
        for ax in grid[-1]:
            ax.set_xlabel(textwrap.fill(data.x_label, _LABEL))
        handles, labels = grid[0, 0].get_legend_handles_labels()
        if len(labels) > 1:
            longest = max(map(len, labels)) + 6
            ncols = max(1, min(len(labels), int(width * _LETTERS_AN_INCH / longest)))
            figure.legend(handles, labels, title=data.line_label, loc="outside lower center", ncols=ncols)
        first: Axes = grid[0, 0]
    return first


def _draw(data: Panels, part: pd.DataFrame, ax: Axes) -> None:
    if data.zero:
        ax.axhline(0, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    for name, colour in data.colours.items():
        line = part[part["line"] == name]
        x = line["x"].to_numpy(float)
        ax.fill_between(x, line["low"], line["high"], color=colour, alpha=0.16, linewidth=0)
        ax.plot(x, line["mean"], color=colour, marker="o", markeredgecolor="white", markeredgewidth=0.5, label=name)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(short_number))
    if data.percent_x:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{100 * x:g} %"))
