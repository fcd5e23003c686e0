"""Zones: the cells of the map in which orders and delivery times are counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Voronoi, cKDTree

from galleria.models.city.raw import Floats, Ints
from galleria.models.city.settings import ZoneSettings
from galleria.models.errors import UsageError

type Labels = NDArray[np.str_]
type Cells = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Zones:
    """The n cells of the map that hold places.

    Parameters
    ----------
    x_km, y_km
        float64 [n], centres.
    label
        str[n], a short name: column and row of the cell, or the block group's id.
    outline_start
        int32 [n + 1]: corners of cell k are rows outline_start[k] to outline_start[k + 1] of the outlines.
    outline_x_km, outline_y_km
        float64[...], corners in order, not closed.
    """

    x_km: Floats
    y_km: Floats
    label: Labels
    outline_start: Ints
    outline_x_km: Floats
    outline_y_km: Floats

    @property
    def n(self) -> int:
        """Number of zones."""
        return self.x_km.size

    def outline(self, zone: int) -> tuple[Floats, Floats]:
        """Return the corners (x_km, y_km) of one zone's cell."""
        cut = slice(self.outline_start[zone], self.outline_start[zone + 1])
        return self.outline_x_km[cut], self.outline_y_km[cut]


@dataclass(frozen=True, eq=False)
class Centres:
    """Named points (km) around which zones are drawn, each zone being what lies nearest to its point."""

    x_km: Floats
    y_km: Floats
    label: tuple[str, ...]


def cut_zones(
    settings: ZoneSettings, x_km: Floats, y_km: Floats, centres: Centres | None
) -> tuple[Zones, NDArray[np.int16]]:
    """Cut the map into cells and say in which cell each place lies.

    Parameters
    ----------
    settings
        The kind and size of the cells.
    x_km, y_km
        float64 [n], the places.
    centres
        The block groups, for zones of that kind.

    Returns
    -------
    tuple[Zones, NDArray[np.int16]]
        The cells that hold at least one place, and int16[n] the zone of each place.
    """
    size = settings.size_km
    if settings.kind == "block_group":
        if centres is None:
            raise UsageError(
                "city.zones.kind=block_group needs the block groups: name a census file (city/homes=census "
                "city.homes.path=...), or choose square or hexagon zones."
            )
        zones, zone = _nearest_centres(centres, x_km, y_km)
    elif settings.kind == "hexagon":
        found, zone = np.unique(hexagons(size, x_km, y_km), axis=0, return_inverse=True)
        angle = np.radians(np.arange(30, 390, 60))
        radius = size / np.sqrt(3)
        x, y = (found[:, 0] + found[:, 1] / 2) * size, found[:, 1] * radius * 1.5
        zones = _alike(x, y, _cell_names(found), radius * np.cos(angle), radius * np.sin(angle))
    else:
        found, zone = np.unique(squares(size, x_km, y_km), axis=0, return_inverse=True)
        x, y = np.asarray((found + 0.5) * size, dtype=np.float64).T
        half = size / 2
        zones = _alike(
            x, y, _cell_names(found), np.array([-half, half, half, -half]), np.array([-half, -half, half, half])
        )
    if zones.n > np.iinfo(np.int16).max:
        raise UsageError(
            f"city.zones.size_km = {size:g} cuts the city into {zones.n:,} zones, and at most 32,767 can be counted. "
            "Choose larger zones."
        )
    return zones, zone.astype(np.int16)


def squares(size_km: float, x_km: Floats, y_km: Floats) -> Cells:
    """Return the column and row (int64 [n, 2]) of the square each point lies in."""
    return np.column_stack([np.floor(x_km / size_km), np.floor(y_km / size_km)]).astype(np.int64)


def hexagons(width_km: float, x_km: Floats, y_km: Floats) -> Cells:
    """Return the axial coordinates (int64 [n, 2]) of the upright hexagon (`width_km` wide) around each point."""
    r = y_km / (width_km / np.sqrt(3) * 1.5)
    q = x_km / width_km - r / 2
    cube = np.column_stack([q, r, -q - r])
    near = np.rint(cube)
    worst = np.abs(near - cube).argmax(axis=1)
    rows = np.arange(q.size)
    near[rows, worst] -= near.sum(axis=1)  # the three must sum to zero; the worst rounded gives way
    return near[:, :2].astype(np.int64)


def _cell_names(cells: Cells) -> Labels:
    return np.array([f"{column}/{row}" for column, row in cells], dtype=np.str_)


def _alike(x: Floats, y: Floats, label: Labels, corner_x: Floats, corner_y: Floats) -> Zones:
    """Set every centre the same outline."""
    return Zones(
        x_km=x,
        y_km=y,
        label=label,
        outline_start=np.arange(0, (x.size + 1) * corner_x.size, corner_x.size, dtype=np.int32),
        outline_x_km=(x[:, None] + corner_x).ravel(),
        outline_y_km=(y[:, None] + corner_y).ravel(),
    )


def _nearest_centres(centres: Centres, x_km: Floats, y_km: Floats) -> tuple[Zones, NDArray[np.int64]]:
    """Make a zone of each centre that is some place's nearest; its cell is cut at the city's border."""
    points, first = np.unique(np.column_stack([centres.x_km, centres.y_km]), axis=0, return_index=True)
    _, nearest = cKDTree(points).query(np.column_stack([x_km, y_km]))
    used, zone = np.unique(nearest, return_inverse=True)
    low = np.minimum(points.min(axis=0), [x_km.min(), y_km.min()]) - 0.5
    high = np.maximum(points.max(axis=0), [x_km.max(), y_km.max()]) + 0.5
    # four far points make every cell finite
    reach = 20 * float((high - low).max())
    middle = (low + high) / 2
    far = middle + reach * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    diagram = Voronoi(np.vstack([points, far]))
    outlines = [_clip(diagram.vertices[diagram.regions[diagram.point_region[centre]]], low, high) for centre in used]
    corners = np.vstack(outlines)
    return Zones(
        x_km=points[used, 0],
        y_km=points[used, 1],
        label=np.array([centres.label[k] for k in first[used]], dtype=np.str_),
        outline_start=np.concatenate([[0], np.cumsum([len(o) for o in outlines])]).astype(np.int32),
        outline_x_km=corners[:, 0],
        outline_y_km=corners[:, 1],
    ), zone


def _clip(polygon: Floats, low: Floats, high: Floats) -> Floats:
    """Cut a convex polygon at a rectangle, one side after another (Sutherland and Hodgman 1974)."""
    for axis in (0, 1):
        for sign, border in ((1.0, low[axis]), (-1.0, -high[axis])):
            inside = sign * polygon[:, axis] >= border
            kept: list[Floats] = []
            for k in range(len(polygon)):
                here, after = polygon[k], polygon[(k + 1) % len(polygon)]
                if inside[k]:
                    kept.append(here)
                if inside[k] != inside[(k + 1) % len(polygon)]:
                    share = (border - sign * here[axis]) / (sign * (after[axis] - here[axis]))
                    kept.append(here + share * (after - here))
            polygon = np.array(kept).reshape(-1, 2)
    return polygon
