"""A city by itself: roads coloured by minutes from the mall, where people live, where stores stand."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import BoundaryNorm

from galleria.experiments.figures.theme import INK, PLAYERS, QUIET, own_axes, style
from galleria.models.city import City

WIDTHS = {"motorway": 1.6, "trunk": 1.4, "primary": 1.1, "secondary": 0.9, "tertiary": 0.7}
"""Line widths (points) by road class; other streets are thinner."""


def minutes_from_mall(city: City) -> np.ndarray:
    """Return float64[nodes], free-flow minutes from the first mall to every road node."""
    mall = int(city.places.node[city.malls[0].place])
    return city.roads.distances(city.roads.fastest(), mall) / 60


def isochrones_min(minutes: np.ndarray) -> list[float]:
    """Choose some four to seven borders between isochrones, round numbers of minutes."""
    longest = float(minutes.max())
    step = next((s for s in (0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60) if longest / s <= 8), 120)
    return [float(border) for border in np.arange(step, longest, step)]


def edge_lines(city: City) -> list[np.ndarray]:
    """Return the points (km) of every edge, its shape included; none for edges around the back of a torus."""
    roads = city.roads
    lines = []
    half_km = np.inf if city.torus_size_km is None else city.torus_size_km / 2
    for k, (u, v) in enumerate(zip(roads.edge_u, roads.edge_v, strict=True)):
        inner = slice(roads.shape_start[k], roads.shape_start[k + 1])
        x = np.concatenate([[roads.node_x_km[u]], roads.shape_x_km[inner], [roads.node_x_km[v]]])
        y = np.concatenate([[roads.node_y_km[u]], roads.shape_y_km[inner], [roads.node_y_km[v]]])
        shown = max(abs(x[-1] - x[0]), abs(y[-1] - y[0])) < half_km
        lines.append(np.column_stack([x, y]) if shown else np.empty((0, 2)))
    return lines


def plot_city_overview(city: City, ax: Axes | None = None) -> Axes:
    """Draw the map of a city.

    Parameters
    ----------
    city
        The city.
    ax
        Where to draw; a new figure when None.
    """
    with style():
        if ax is None:
            wide, high = np.ptp(city.roads.node_x_km), np.ptp(city.roads.node_y_km)
            ax = own_axes(7.2, float(np.clip(7.2 * high / max(wide, 1e-9), 4.0, 9.0)) + 0.9)
        _draw_people(city, ax)
        _draw_roads(city, ax)
        _draw_sites(city, ax)
        ax.set_aspect("equal")
        ax.margins(0.02)
        ax.set_xlabel("km east")
        ax.set_ylabel("km north")
        ax.grid(visible=False)
        ax.set_title(
            f"{city.name}: {city.roads.nodes:,} road nodes, {city.places.households.sum():,.0f} households, "
            f"{city.area_km2:,.0f} km²",
            color=INK,
            pad=22,
        )
    return ax


def save_overview(city: City, path: Path) -> None:
    """Save the map as a picture."""
    figure = plot_city_overview(city).get_figure(root=True)
    if figure is not None:
        figure.savefig(path, dpi=200, bbox_inches="tight")


def _draw_people(city: City, ax: Axes) -> None:
    places = city.places
    lived_in = places.households > 0
    share = places.households[lived_in] / places.households.max()
    ax.scatter(
        places.x_km[lived_in],
        places.y_km[lived_in],
        s=2 + 60 * share,
        color=PLAYERS["consumers"],
        alpha=0.4,
        linewidth=0,
        label="households (area)",
        zorder=1,
    )


def _draw_roads(city: City, ax: Axes) -> None:
    roads = city.roads
    minutes = minutes_from_mall(city)[roads.edge_v]
    borders = [0.0, *isochrones_min(minutes), float(minutes.max())]
    colours = mpl.colormaps["viridis"].resampled(max(len(borders) - 1, 2))
    width = np.array([WIDTHS.get(name.removesuffix("_link"), 0.45) for name in roads.class_names])[roads.edge_class]
    order = np.argsort(width, kind="stable")
    lines = edge_lines(city)
    drawn = LineCollection(
        [lines[k] for k in order],
        linewidths=width[order],
        array=minutes[order],
        cmap=colours,
        norm=BoundaryNorm(borders, colours.N),
        zorder=2,
    )
    ax.add_collection(drawn)
    bar = ax.figure.colorbar(
        drawn,
        ax=ax,
        orientation="horizontal",
        fraction=0.025,
        pad=0.06,
        aspect=60,
        shrink=0.8,
        format="%g",
        ticks=borders[:-1],
    )
    bar.set_label(f"minutes from {city.malls[0].name} at free flow")
    bar.outline.set_visible(False)


def _draw_sites(city: City, ax: Axes) -> None:
    kinds = (
        ("big box", city.big_boxes, "s", 26, PLAYERS["store_big_box"]),
        ("warehouse", city.warehouses, "^", 60, PLAYERS["warehouse"]),
        ("mall", city.malls, "*", 150, PLAYERS["rivals"]),
    )
    for name, sites, marker, size, colour in kinds:
        at = [site.place for site in sites]
        ax.scatter(
            city.places.x_km[at],
            city.places.y_km[at],
            s=size,
            marker=marker,
            color=colour,
            edgecolor="white",
            linewidth=0.8,
            label=name,
            zorder=4,
        )
    legend = ax.legend(
        loc="lower left", bbox_to_anchor=(-0.02, 0.99), ncols=4, labelcolor=QUIET, columnspacing=1.0, handletextpad=0.3
    )
    legend.set_zorder(5)
