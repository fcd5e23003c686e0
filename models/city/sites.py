"""Where malls, the warehouse and the big-box stores stand, and the road node each is reached by."""

from dataclasses import dataclass
from functools import partial
from math import dist
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from galleria.models.city.raw import Floats, great_circle_km
from galleria.models.city.readers.csv_text import read_table
from galleria.models.city.roads import Roads
from galleria.models.city.settings import BigBoxSettings, MallLatticeSettings, MallPoint, WarehouseSettings
from galleria.models.errors import UsageError

COLUMNS = ("mall", "lat", "lon")


@dataclass(frozen=True)
class Sited:
    """A site by name and road node, before places are numbered."""

    name: str
    node: int


def read_malls(path: str) -> tuple[MallPoint, ...]:
    """Read a CSV of malls with the columns mall, lat, lon.

    Raises
    ------
    UsageError
        When the file is missing, a column is missing or a value is no number.
    """
    if not Path(path).exists():
        raise UsageError(f"There is no malls file {path}. Check city.malls, or leave it null for one mall.")
    table = read_table(Path(path), maybe=COLUMNS)
    if table.empty or not set(COLUMNS) <= set(table.columns):
        held = ", ".join(table.columns[:12]) or "nothing"
        raise UsageError(f"The malls file {path} needs the columns mall, lat, lon and at least one row; it has {held}.")
    points = []
    for number, row in enumerate(table.to_dict("records"), start=2):
        try:
            points.append(MallPoint(mall=row["mall"], lat=float(row["lat"]), lon=float(row["lon"])))
        except (TypeError, ValueError):
            raise UsageError(
                f"The malls file {path}, line {number}: lat {row['lat']!r} and lon {row['lon']!r} must be degrees, lat "
                "from -90 to 90 and lon from -180 to 180. If they are exchanged, swap the two columns."
            ) from None
    return tuple(points)


def mall_points(malls: str | tuple[MallPoint, ...] | None) -> tuple[MallPoint, ...]:
    """Return the malls stated in the settings, read from their file when they name one."""
    return read_malls(malls) if isinstance(malls, str) else malls or ()


def away_km(point: MallPoint, lon: float, lat: float) -> float:
    """Measure how far (km, straight) a mall is from a point in degrees."""
    a, b, c, d = (np.array([value]) for value in (point.lon, point.lat, lon, lat))
    return float(great_circle_km(a, b, c, d)[0])


def site_malls(roads: Roads, points: tuple[MallPoint, ...], snap_km: float, source: str) -> tuple[Sited, ...]:
    """Put each mall at the nearest reachable road node.

    Raises
    ------
    UsageError
        When a mall lies farther than `snap_km` from every reachable node.
    """
    if np.isnan(roads.node_lon).any():
        raise UsageError(
            f"{source} has projected coordinates without longitude and latitude, so malls given in degrees cannot be "
            "placed on it. Save the graph in EPSG:4326, or set city.malls to null."
        )
    sited = []
    for point in points:
        node, away_km = _nearest_to_degrees(roads, point.lon, point.lat)
        if away_km > snap_km:
            _, swapped_km = _nearest_to_degrees(roads, point.lat, point.lon)
            hint = (
                "Its latitude and longitude look swapped."
                if swapped_km <= snap_km
                else "Check its coordinates, or use a road graph that covers it."
            )
            raise UsageError(
                f"No path leads from the mall {point.mall!r} to the homes: it lies {away_km:,.1f} km from the nearest "
                f"reachable road of {source}, more than city.snap_km = {snap_km:g}. {hint}"
            )
        sited.append(Sited(point.mall, node))
    return tuple(sited)


def _nearest_to_degrees(roads: Roads, lon: float, lat: float) -> tuple[int, float]:
    if abs(lat) > 90:
        return 0, np.inf
    # a local plane finds the node, the sphere measures it
    apart = roads.node_lon - lon
    apart = np.where(np.abs(apart) > 180, apart - np.sign(apart) * 360, apart)  # the 180th meridian lies between
    east = apart * np.cos(np.radians(lat))
    node = int(np.argmin(east**2 + (roads.node_lat - lat) ** 2))
    away = great_circle_km(*(np.array([v]) for v in (lon, lat, roads.node_lon[node], roads.node_lat[node])))
    return node, float(away[0])


def site_at(roads: Roads, name: str, x_km: float, y_km: float) -> Sited:
    """Put a site at the road node nearest to a position."""
    return Sited(name, int(np.argmin((roads.node_x_km - x_km) ** 2 + (roads.node_y_km - y_km) ** 2)))


def site_mall_lattice(roads: Roads, rule: MallLatticeSettings, middle_km: float) -> tuple[Sited, ...]:
    """Put malls at the nodes nearest to a lattice around the middle of a generated city, the middle one first."""
    east, north = (middle_km + lattice_km(count, rule.spacing_km) for count in (rule.columns, rule.rows))
    points = sorted(((x, y) for y in north.tolist() for x in east.tolist()), key=partial(dist, (middle_km, middle_km)))
    if len(points) == 1:
        return (site_at(roads, "Mall", *points[0]),)
    return tuple(site_at(roads, f"Mall {number}", *point) for number, point in enumerate(points, start=1))


def lattice_km(count: int, step_km: float) -> Floats:
    """Return where the lines of a lattice run (km), float64 [count], seen from its middle."""
    return np.asarray((np.arange(count) - (count - 1) / 2) * step_km, np.float64)


def site_middle_mall(roads: Roads, weight: Floats) -> Sited:
    """Put one mall at the node nearest to the middle of the population (weight float64 [nodes])."""
    return site_at(
        roads,
        "Mall",
        float(np.average(roads.node_x_km, weights=weight)),
        float(np.average(roads.node_y_km, weights=weight)),
    )


def site_warehouse(roads: Roads, mall: Sited, rule: WarehouseSettings) -> Sited:
    """Put the warehouse at the node nearest to its offset from the first mall."""
    x, y = roads.node_x_km[mall.node], roads.node_y_km[mall.node]
    return site_at(roads, "Warehouse", float(x + rule.east_km), float(y + rule.north_km))


def site_big_boxes(roads: Roads, mall: Sited, rule: BigBoxSettings) -> tuple[Sited, ...]:
    """Put big boxes at the corners of main roads nearest to a lattice centred on the mall.

    Main roads are the widest class of which enough corners exist, below freeways; none is nearer to the mall
    than `mall_gap_km` where the city allows it, and no two share a node while nodes last.
    """
    corners = _main_corners(roads, rule.rows * rule.columns)
    x, y = roads.node_x_km, roads.node_y_km
    clear = np.hypot(x[corners] - x[mall.node], y[corners] - y[mall.node]) >= rule.mall_gap_km
    if clear.sum() >= rule.rows * rule.columns:
        corners = corners[clear]
    # a small city draws the lattice closer, or several stores would stand at its border
    step_x = min(rule.spacing_km, float(np.ptp(x)) / rule.columns)
    step_y = min(rule.spacing_km, float(np.ptp(y)) / rule.rows)
    east = lattice_km(rule.columns, step_x) + x[mall.node]
    north = lattice_km(rule.rows, step_y) + y[mall.node]
    tree = cKDTree(np.column_stack([x[corners], y[corners]]))
    boxes: list[Sited] = []
    for at_y in north:
        for at_x in east:
            _, near = tree.query([at_x, at_y], k=min(corners.size, len(boxes) + 1))
            held = {box.node for box in boxes}
            nodes = [int(corners[k]) for k in np.atleast_1d(near)]
            node = next((k for k in nodes if k not in held), nodes[0])
            boxes.append(Sited(f"Big box {len(boxes) + 1}", node))
    return tuple(boxes)


MAIN_CLASSES = ("primary", "secondary", "trunk", "tertiary")


def _main_corners(roads: Roads, wanted: int) -> np.ndarray:
    """Find nodes where two roads of a main class meet (three or more neighbours), else any node."""
    for name in MAIN_CLASSES:
        edges = roads.classes_touching({name})
        meets = np.bincount(roads.edge_u[edges], minlength=roads.nodes)
        corners = np.flatnonzero(meets >= 3)
        if corners.size >= 2 * wanted:
            return corners
    return np.arange(roads.nodes)
