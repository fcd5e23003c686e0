"""The city: roads, stores and how long each zone waits."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.transforms import blended_transform_factory

from galleria.experiments.figures.theme import COLUMN, INK, PLAYERS, own_axes, style

if TYPE_CHECKING:
    from galleria.models.city import City

_WIDTHS = (
    # Word in the road's class -> line width in points; the first that fits.
    ("_link", 0.4),
    ("motorway", 1.3),
    ("trunk", 1.1),
    ("primary", 0.8),
    ("secondary", 0.6),
    ("tertiary", 0.4),
    ("", 0.2),
)
_ROAD = "#8d949c"


@dataclass(frozen=True)
class ZoneTimes:
    """What the map shows.

    Attributes
    ----------
    city
        Roads, zones and sites.
    frame
        Columns zone (row in the city's zones), minutes (NaN where nothing was delivered).
    title
        What the colours mean, with its unit.
    middle
        Value at which colours turn, where there are changes to show in two directions; None where there are levels.
    """

    city: "City"
    frame: pd.DataFrame
    title: str
    middle: float | None = None


def plot_city_map(data: ZoneTimes, ax: Axes | None = None) -> Axes:
    """Draw zones coloured by minutes, roads by class, malls, warehouses and big boxes, and a scale."""
    with style():
        x, y = data.city.roads.node_x_km, data.city.roads.node_y_km
        margin = 0.02 * float(max(np.ptp(x), np.ptp(y)))
        frame = (x.min() - margin, x.max() + margin, y.min() - margin, y.max() + margin)
        shape = (frame[3] - frame[2]) / (frame[1] - frame[0])
        ax = own_axes(height=COLUMN[0] * float(np.clip(shape, 0.4, 1.6)) + 0.65) if ax is None else ax
        _draw_zones(data, ax)
        _draw_roads(data.city, ax)
        _draw_sites(data.city, ax)
        ax.set_aspect("equal")
        ax.set(xlim=frame[:2], ylim=frame[2:])
        _draw_scale(ax)
        ax.set_axis_off()
        ax.set_title(data.title)
    return ax


def _draw_zones(data: ZoneTimes, ax: Axes) -> None:
    zones = data.city.zones
    minutes = np.full(zones.n, np.nan)
    known = data.frame[data.frame["zone"].between(0, zones.n - 1)]
    minutes[known["zone"].to_numpy(int)] = known["minutes"].to_numpy(float)
    cells = PolyCollection(
        [np.column_stack(zones.outline(zone)) for zone in range(zones.n)],
        array=np.ma.masked_invalid(minutes),
        cmap=mpl.colormaps["YlGnBu" if data.middle is None else "RdBu_r"].with_extremes(bad="#f3f4f6"),
        edgecolor="white",
        linewidth=0.3,
        alpha=0.9,
    )
    if np.isfinite(minutes).any():
        # A few far zones with one late order would otherwise take the whole range of colours.
        low, high = np.nanquantile(minutes, [0.02, 0.98])
        if data.middle is not None:
            reach = max(high - data.middle, data.middle - low) or 1.0
            low, high = data.middle - reach, data.middle + reach
        cells.set_clim(low, high)
        ax.add_collection(cells)
        bar = ax.figure.colorbar(cells, ax=ax, orientation="horizontal", shrink=0.6, aspect=30, pad=0.02, extend="both")
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=2)
    else:
        ax.add_collection(cells)


def _draw_roads(city: "City", ax: Axes) -> None:
    roads = city.roads
    # One line for both directions.
    ends = np.sort(np.column_stack([roads.edge_u, roads.edge_v]), axis=1)
    _, first = np.unique(ends, axis=0, return_index=True)
    widths = np.array([_width(name) for name in roads.class_names])[roads.edge_class[first]]
    for width in np.unique(widths):
        edges = first[widths == width]
        u, v = roads.edge_u[edges], roads.edge_v[edges]
        gap = np.full(len(edges), np.nan)
        # All streets of a class are one line with gaps: ten thousands of single ones take seconds to draw.
        x = np.column_stack([roads.node_x_km[u], roads.node_x_km[v], gap]).ravel()
        y = np.column_stack([roads.node_y_km[u], roads.node_y_km[v], gap]).ravel()
        # As pixels inside the vector files, which would otherwise grow to megabytes.
        ax.plot(x, y, color=_ROAD, linewidth=width, alpha=0.8, rasterized=True)


def _width(road_class: str) -> float:
    return next(width for word, width in _WIDTHS if word in road_class)


def _draw_sites(city: "City", ax: Axes) -> None:
    places = city.places
    kinds = (
        ("Big box", city.big_boxes, "s", 18, PLAYERS["store_big_box"]),
        ("Warehouse", city.warehouses, "^", 42, PLAYERS["warehouse"]),
        ("Mall", city.malls, "*", 110, PLAYERS["rival_a"]),
    )
    for label, sites, marker, area, colour in kinds:
        rows = [site.place for site in sites]
        if rows:
            ax.scatter(
                places.x_km[rows],
                places.y_km[rows],
                s=area,
                marker=marker,
                color=colour,
                edgecolor="white",
                linewidth=0.7,
                label=label,
                zorder=5,
            )
    ax.legend(
        loc="upper right",
        bbox_to_anchor=(1.0, 0.0),
        ncols=3,
        borderpad=0,
        borderaxespad=0.5,
        handletextpad=0.1,
        columnspacing=0.8,
    )


def _draw_scale(ax: Axes) -> None:
    low, high = ax.get_xlim()
    across = blended_transform_factory(ax.transData, ax.transAxes)
    length = float(10 ** np.floor(np.log10((high - low) / 4)))
    length = max(step * length for step in (1, 2, 5) if step * length <= (high - low) / 4)
    line = ax.plot([low, low + length], [-0.035] * 2, color=INK, linewidth=1.5, transform=across, clip_on=False)
    line[0].set_solid_capstyle("butt")
    ax.annotate(
        f"{length:g} km",
        (low + length, -0.035),
        xycoords=across,
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        annotation_clip=False,
    )
