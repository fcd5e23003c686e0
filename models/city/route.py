"""Exact paths between nodes of a road file, by the names the file gives them."""

import numpy as np

from galleria.models.city.build import build_whole_roads
from galleria.models.city.raw import find_rows
from galleria.models.city.settings import CitySettings
from galleria.models.errors import UsageError


def route(settings: CitySettings, pairs: list[tuple[str, str]]) -> list[dict[str, str | float | None]]:
    """Return seconds of the fastest and metres of the shortest path for each pair (origin, destination).

    Nodes outside the largest connected part are routed too; None stands where no path leads.

    Raises
    ------
    UsageError
        When a pair names a node that is not in the file.
    """
    roads = build_whole_roads(settings)
    row = {name: k for k, name in enumerate(roads.node_id.tolist())}
    names = [name for pair in pairs for name in pair]
    ends = find_rows(names, row)
    absent = sorted({names[k] for k in np.flatnonzero(ends < 0)})
    if absent:
        raise UsageError(
            f"{len(absent):,} nodes of the pairs are not in the road graph (such as {', '.join(absent[:3])}). Use node "
            "ids as they stand in the file."
        )
    fastest, shortest = roads.fastest(), roads.shortest()
    origins, place = np.unique(ends[::2], return_inverse=True)
    destination = ends[1::2]
    seconds = np.empty(len(pairs))
    metres = np.empty(len(pairs))
    for k, origin in enumerate(origins):
        mine = place == k
        seconds[mine] = roads.distances(fastest, int(origin))[destination[mine]]
        metres[mine] = roads.distances(shortest, int(origin))[destination[mine]] * 1000
    return [
        {
            "origin": origin,
            "destination": name,
            "seconds": _to_json(seconds[k]),
            "metres": _to_json(metres[k]),
        }
        for k, (origin, name) in enumerate(pairs)
    ]


def _to_json(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
