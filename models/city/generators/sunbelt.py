"""The default city: what a satellite sees of Phoenix or Las Vegas, made by rule.

Arterials a mile apart cut the plain into squares, collectors halve them, local streets fill them (some never
built, some ending as cul-de-sacs), and freeways cross above with ramps to every arterial. Local streets stop at a
freeway, as they do.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galleria.models.city.generators.draft import Draft
from galleria.models.city.raw import RawRoads
from galleria.models.city.settings import SunbeltSettings
from galleria.models.streams import city_stream

LOCAL, COLLECTOR, ARTERIAL = 0, 1, 2
CLASS_NAMES = ("residential", "tertiary", "primary")


@dataclass(frozen=True)
class _Lattice:
    """Corner (row from the south, column from the west) to node row, and what kind of street runs along each line."""

    corner: NDArray[np.intp]
    kind: NDArray[np.int8]
    block_km: float

    def arterials(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.kind == ARTERIAL)


def sunbelt(settings: SunbeltSettings) -> RawRoads:
    """Make the roads of a sun-belt city; the same settings give the same city."""
    rng = city_stream(settings.seed)
    draft = Draft("the sunbelt city")
    lattice = _lay_corners(draft, settings, rng)
    north = [int(x // settings.block_km) for x in settings.freeways_north_km]
    east = [int(y // settings.block_km) for y in settings.freeways_east_km]
    _lay_streets(draft, lattice, settings, rng, north, east)
    _lay_freeways(draft, lattice, settings, north, east)
    return draft.finish()


def _lay_corners(draft: Draft, settings: SunbeltSettings, rng: np.random.Generator) -> _Lattice:
    n = settings.blocks + 1
    from_arterial = (np.arange(n) - settings.blocks // 2) % settings.blocks_per_arterial
    kind = np.where(from_arterial % settings.blocks_per_collector == 0, COLLECTOR, LOCAL)
    kind = np.where(from_arterial == 0, ARTERIAL, kind).astype(np.int8)
    y, x = np.divmod(np.arange(n * n), n)
    quiet = (kind[y] == LOCAL) & (kind[x] == LOCAL)
    shift = rng.uniform(-settings.jitter_km, settings.jitter_km, (2, n * n)) * quiet
    rows = draft.add_nodes(x * settings.block_km + shift[0], y * settings.block_km + shift[1])
    return _Lattice(np.asarray(rows).reshape(n, n), kind, settings.block_km)


def _lay_streets(
    draft: Draft,
    lattice: _Lattice,
    settings: SunbeltSettings,
    rng: np.random.Generator,
    north: list[int],
    east: list[int],
) -> None:
    """Add the streets along rows and columns, less those never built, closed to cul-de-sacs or cut by a freeway."""
    corner, kind = lattice.corner, lattice.kind
    n = kind.size
    along_row = _built(kind, (n, n - 1), settings, rng, cut_at=north)
    along_column = _built(kind, (n, n - 1), settings, rng, cut_at=east)
    _close_cul_de_sacs(along_row, along_column, kind, settings.cul_de_sac_share, rng)
    speeds = (settings.speeds_kph.local, settings.speeds_kph.collector, settings.speeds_kph.arterial)
    for street in (LOCAL, COLLECTOR, ARTERIAL):
        of_kind = (kind == street)[:, None]
        row, place = np.nonzero(along_row & of_kind)
        draft.add_two_way(corner[row, place], corner[row, place + 1], CLASS_NAMES[street], speeds[street])
        column, place = np.nonzero(along_column & of_kind)
        draft.add_two_way(corner[place, column], corner[place + 1, column], CLASS_NAMES[street], speeds[street])


def _built(
    kind: NDArray[np.int8],
    shape: tuple[int, int],
    settings: SunbeltSettings,
    rng: np.random.Generator,
    cut_at: list[int],
) -> NDArray[np.bool_]:
    """Say which blocks of each line (bool [line, block]) were built."""
    built = rng.random(shape) >= np.where(kind == LOCAL, settings.missing_share, 0.0)[:, None]
    for block in cut_at:
        crosses = rng.random(kind.size) < settings.collector_crossing_share
        built[:, block] &= (kind == ARTERIAL) | ((kind == COLLECTOR) & crosses)
    return built


def _close_cul_de_sacs(
    along_row: NDArray[np.bool_],
    along_column: NDArray[np.bool_],
    kind: NDArray[np.int8],
    share: float,
    rng: np.random.Generator,
) -> None:
    """Leave some local corners (never at the city's edge) a single street, one of those that were built."""
    n = kind.size
    inner = np.zeros((n, n), dtype=bool)
    inner[1:-1, 1:-1] = True
    chosen = (rng.random((n, n)) < share) & inner & (kind == LOCAL)[:, None] & (kind == LOCAL)[None, :]
    for y, x in zip(*np.nonzero(chosen), strict=True):
        sides = ((along_row, y, x - 1), (along_row, y, x), (along_column, x, y - 1), (along_column, x, y))
        stay = rng.permutation(4)
        open_sides = [s for s in stay if sides[s][0][sides[s][1], sides[s][2]]]
        for s in open_sides[1:]:
            lines, line, block = sides[s]
            lines[line, block] = False


def _lay_freeways(
    draft: Draft, lattice: _Lattice, settings: SunbeltSettings, north: list[int], east: list[int]
) -> None:
    """Add freeways with ramps to every arterial and between each other."""
    speeds = settings.speeds_kph
    before: dict[tuple[int, int, str], int] = {}
    behind: dict[tuple[int, int, str], int] = {}
    for block in north:
        for way in ("northbound", "southbound"):
            _lay_carriageway(draft, lattice, settings, block, way, east, before, behind)
    for block in east:
        for way in ("eastbound", "westbound"):
            _lay_carriageway(draft, lattice, settings, block, way, north, before, behind)
    for a in north:
        for b in east:
            for one in ("northbound", "southbound"):
                for other in ("eastbound", "westbound"):
                    draft.add_one_way(before[a, b, one], behind[b, a, other], "motorway_link", speeds.ramp)
                    draft.add_one_way(before[b, a, other], behind[a, b, one], "motorway_link", speeds.ramp)


def _lay_carriageway(
    draft: Draft,
    lattice: _Lattice,
    settings: SunbeltSettings,
    block: int,
    way: str,
    crossings: list[int],
    before: dict[tuple[int, int, str], int],
    behind: dict[tuple[int, int, str], int],
) -> None:
    """Add one direction of a freeway: its stations in order of travel, and the ramps to its arterials."""
    upright = way in ("northbound", "southbound")
    onward = 1 if way in ("northbound", "eastbound") else -1
    # traffic keeps right: northbound runs east of the middle, eastbound south of it
    right = 1 if way in ("northbound", "westbound") else -1
    across_km = (block + 0.5) * lattice.block_km + right * settings.half_median_km
    arterials = lattice.arterials()[::onward]
    stations: list[tuple[float, int]] = []

    def station(along_km: float) -> int:
        point = (across_km, along_km) if upright else (along_km, across_km)
        (node,) = draft.add_nodes(*point)
        stations.append((along_km * onward, node))
        return node

    for k, line in enumerate(arterials):
        near = block + (1 if right > 0 else 0)
        corner = lattice.corner[line, near] if upright else lattice.corner[near, line]
        if k > 0:
            off = station(line * lattice.block_km - onward * settings.ramp_km)
            draft.add_one_way(off, corner, "motorway_link", settings.speeds_kph.ramp)
        if k < arterials.size - 1:
            on = station(line * lattice.block_km + onward * settings.ramp_km)
            draft.add_one_way(corner, on, "motorway_link", settings.speeds_kph.ramp)
    for crossing in crossings:
        middle_km = (crossing + 0.5) * lattice.block_km
        before[block, crossing, way] = station(middle_km - onward * settings.crossing_ramp_km)
        behind[block, crossing, way] = station(middle_km + onward * settings.crossing_ramp_km)
    in_order = [node for _, node in sorted(stations)]
    draft.add_one_way(in_order[:-1], in_order[1:], "motorway", settings.speeds_kph.freeway)
