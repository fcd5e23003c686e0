"""How every figure looks: one column of a journal wide, one colour a player, ink on white."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogFormatter

COLUMN = (3.5, 2.55)
"""Width and height of a figure in inches: the single column (89 mm) most journals set."""

INK = "#22262b"
QUIET = "#6b7280"
GRID = "#e5e7eb"
MINUS = "\u2212"

PLAYERS = MappingProxyType(
    {
        # Okabe and Ito's colours, told apart with any of the common colour-vision deficiencies.
        "mall_direct": "#0072b2",
        "platform": "#0072b2",
        "warehouse": "#e69f00",
        "rival_a": "#d55e00",
        "rivals": "#d55e00",
        "rival_b": "#cc79a7",
        "store_mall": "#009e73",
        "retailers": "#009e73",
        "store_big_box": "#56b4e9",
        "big_box": "#56b4e9",
        "none": "#9aa0a6",
        "public": "#9aa0a6",
        "consumers": "#7b5ea7",
        "drivers": "#22262b",
        "sellers": "#c9b458",
        "government": "#1f3a6e",
        # Presets of real players: those of one company in one colour family, on-demand rivals in warm ones.
        "instacart": "#d55e00",
        "doordash": "#cc79a7",
        "warehouse_gig": "#b87a00",
        "buy_with_prime": "#8c6d1f",
        "usps": "#7b8794",
        "ups": "#5b4636",
        "walmart_delivery": "#1b7f9e",
        "walmart_pickup": "#63b3c8",
        "target_delivery": "#8b1e3f",
        "target_pickup": "#c26a82",
        "best_buy_delivery": "#5f7a1e",
        "best_buy_pickup": "#9fb35f",
    }
)
"""Player (courier, channel or stakeholder) -> colour."""

_NEWCOMERS = ("#8c6d1f", "#5f7a1e", "#8b1e3f", "#3d5a80", "#b07d62", "#2a9d8f")
"""Colours of players no preset names (an entrant, a user's own courier)."""

_STYLE: Mapping[Any, Any] = MappingProxyType(
    {
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "axes.labelsize": 7.5,
        "axes.linewidth": 0.6,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 7.5,
        "axes.titlecolor": INK,
        "axes.titlepad": 7.0,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "font.family": "DejaVu Sans",
        "font.size": 7.5,
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 7.0,
        "lines.linewidth": 1.4,
        "lines.markersize": 3.2,
        "lines.solid_capstyle": "round",
        "text.color": INK,
        # A dollar is a dollar: names of users may hold two of them, and what stands between is no formula.
        "text.parse_math": False,
        "xtick.color": QUIET,
        "xtick.labelcolor": INK,
        "xtick.labelsize": 7.0,
        "xtick.major.size": 2.5,
        "xtick.major.width": 0.6,
        "ytick.color": QUIET,
        "ytick.labelcolor": INK,
        "ytick.labelsize": 7.0,
        "ytick.left": False,
        "ytick.major.size": 0.0,
        "ytick.major.pad": 2.0,
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.03,
        "figure.constrained_layout.w_pad": 0.03,
        "savefig.facecolor": "white",
        # Glyphs as outlines: the same picture on a machine without the font.
        "svg.fonttype": "path",
        # Ids and dates out of the files: the same results give the same bytes.
        "svg.hashsalt": "galleria",
    }
)


def style() -> AbstractContextManager[None]:
    """Set the theme for what is drawn and saved inside the `with`, and nothing outside."""
    return mpl.rc_context(dict(_STYLE))


def own_axes(width: float = COLUMN[0], height: float = COLUMN[1]) -> Axes:
    """Make the axes of a figure of its own; sizes in inches."""
    return Figure(figsize=(width, height)).subplots()


def short_number(value: float, _: object = None) -> str:
    """Write the number of a tick: thousands apart, large ones as 120k or 1.5M, a true minus sign."""
    for size, letter in ((1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e6 if letter == 'M' else 1e3):.6g}{letter}".replace("-", MINUS)
    return f"{value:,.6g}".replace("-", MINUS)


def plain_log(axis: Axis) -> None:
    """Write the ticks of a logarithmic axis as plain numbers; as powers of ten they would be formulas."""
    axis.set_major_formatter(FuncFormatter(short_number))
    axis.set_minor_formatter(LogFormatter())


def colours(players: Iterable[str]) -> dict[str, str]:
    """Return every player its colour; players without one get theirs by the order of their names."""
    names = list(players)
    strangers = sorted({name for name in names if name not in PLAYERS})
    spare = {name: _NEWCOMERS[i % len(_NEWCOMERS)] for i, name in enumerate(strangers)}
    return {name: PLAYERS.get(name) or spare[name] for name in names}


def sequence(n: int) -> list[tuple[float, float, float]]:
    """Return n colours from light to dark for the ordered levels of a factor."""
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    return [tuple(colour) for colour in sns.color_palette("crest", n)]


def categories(n: int) -> list[str]:
    """Return n colours that are told apart, for the levels of a factor without an order; after six they begin anew."""
    distinct = [
        PLAYERS[name] for name in ("mall_direct", "rival_a", "store_mall", "rival_b", "warehouse", "store_big_box")
    ]
    return [distinct[i % len(distinct)] for i in range(n)]


def changes(n: int) -> list[str]:
    """Return n colours that are told apart for changes drawn beside players; after six they begin anew."""
    return [_NEWCOMERS[i % len(_NEWCOMERS)] for i in range(n)]


def darker(colour: str | tuple[float, float, float], share: float = 0.25) -> tuple[float, float, float]:
    """Mix a colour with ink, so that text in it can be read on white."""
    own, ink = mpl.colors.to_rgb(colour), mpl.colors.to_rgb(INK)
    red, green, blue = ((1 - share) * o + share * i for o, i in zip(own, ink, strict=True))
    return (red, green, blue)
