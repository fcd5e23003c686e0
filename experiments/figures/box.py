"""Where in parameter space a sign turns: draws by sign over two parameters, and the box in which one is dense."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from galleria.experiments.figures.theme import COLUMN, INK, PLAYERS, own_axes, short_number, style

_FAINT = 0.25
_MARGIN = 0.03


@dataclass(frozen=True)
class SignBox:
    """What a plot of draws and a box shows.

    Attributes
    ----------
    frame
        One row a draw: x, y, turned (whether it has the sign looked for), near (whether it meets the limits of the box
        that the plot does not show).
    x_limits, y_limits
        Of the box; infinite ends are open.
    signs
        Names of the sign looked for and of the other.
    title
        What turns.
    x_label, y_label
        The parameters.
    """

    frame: pd.DataFrame
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    signs: tuple[str, str]
    title: str
    x_label: str
    y_label: str


def plot_sign_box(data: SignBox, ax: Axes | None = None) -> Axes:
    """Draw a mark a draw, full for the sign looked for, and the box; draws beyond its further limits are faint."""
    with style():
        ax = own_axes(height=COLUMN[1] * 1.15) if ax is None else ax
        spans = [_span(data.frame[axis]) for axis in ("x", "y")]
        (left, right), (low, high) = (
            (max(limits[0], span[0]), min(limits[1], span[1]))
            for limits, span in zip((data.x_limits, data.y_limits), spans, strict=True)
        )
        ax.add_patch(Rectangle((left, low), right - left, high - low, facecolor="#fdebdd", edgecolor="none", zorder=0))
        ax.add_patch(
            Rectangle((left, low), right - left, high - low, fill=False, edgecolor=INK, linewidth=1.0, zorder=2)
        )
        for turned, name, colour, marker in (
            (False, data.signs[1], PLAYERS["mall_direct"], "o"),
            (True, data.signs[0], PLAYERS["rival_a"], "D"),
        ):
            rows = data.frame[data.frame["turned"] == turned]
            for near, alpha in ((False, _FAINT), (True, 1.0)):
                part = rows[rows["near"] == near]
                ax.plot(
                    part["x"],
                    part["y"],
                    marker,
                    color=colour,
                    markerfacecolor=colour if turned else "white",
                    markersize=3.4,
                    markeredgewidth=0.9,
                    alpha=alpha,
                    label=f"{name} ({len(rows)})" if near else None,
                    zorder=3,
                )
        ax.set_xlim(*spans[0])
        ax.set_ylim(*spans[1])
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(4))
            axis.set_major_formatter(FuncFormatter(short_number))
        ax.set_xlabel(data.x_label)
        ax.set_ylabel(data.y_label)
        ax.set_title(data.title, pad=18)
        ax.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderpad=0.2, borderaxespad=0.0, handletextpad=0.0
        )
    return ax


def _span(values: pd.Series) -> tuple[float, float]:
    """Return the ends of an axis, a little beyond the draws."""
    low, high = float(values.min()), float(values.max())
    margin = _MARGIN * (high - low or 1.0)
    return low - margin, high + margin
