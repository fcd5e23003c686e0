"""Grids for verification: a plain one, one without borders, and one small enough to count by hand."""

import numpy as np

from galleria.models.city.generators.draft import Draft
from galleria.models.city.raw import RawRoads
from galleria.models.city.settings import GridSettings, TorusSettings, ToySettings


def grid(settings: GridSettings) -> RawRoads:
    """Lay `nodes_per_side` squared corners, joined to their four neighbours."""
    n = settings.nodes_per_side
    draft, corner = _corners("the grid", n, settings.spacing_km)
    draft.add_two_way(corner[:, :-1], corner[:, 1:], "residential", settings.speed_kph)
    draft.add_two_way(corner[:-1, :], corner[1:, :], "residential", settings.speed_kph)
    return draft.finish(np.full(len(draft.tail), settings.spacing_km))


def torus(settings: TorusSettings) -> RawRoads:
    """Lay the same corners and join the last of each row and column to the first."""
    draft, corner = _corners("the torus", settings.nodes_per_side, settings.spacing_km)
    draft.add_two_way(corner, np.roll(corner, -1, axis=1), "residential", settings.speed_kph)
    draft.add_two_way(corner, np.roll(corner, -1, axis=0), "residential", settings.speed_kph)
    return draft.finish(np.full(len(draft.tail), settings.spacing_km))


def toy(settings: ToySettings) -> RawRoads:
    """Lay nine corners: a quick cross through the middle and a slow ring around it.

    ::

        6 - 7 - 8
        |   #   |
        3 # 4 # 5      # quick   - | slow
        |   #   |
        0 - 1 - 2
    """
    draft, corner = _corners("the toy city", 3, settings.spacing_km)
    draft.add_two_way(
        corner[[0, 0, 2, 2], [0, 1, 0, 1]], corner[[0, 0, 2, 2], [1, 2, 1, 2]], "residential", settings.ring_kph
    )
    draft.add_two_way(
        corner[[0, 1, 0, 1], [0, 0, 2, 2]], corner[[1, 2, 1, 2], [0, 0, 2, 2]], "residential", settings.ring_kph
    )
    draft.add_two_way(
        corner[1, 1], [corner[0, 1], corner[1, 0], corner[1, 2], corner[2, 1]], "primary", settings.cross_kph
    )
    return draft.finish(np.full(len(draft.tail), settings.spacing_km))


def _corners(source: str, n: int, spacing_km: float) -> tuple[Draft, np.ndarray]:
    """Lay n squared nodes and give their rows by (row from the south, column from the west)."""
    draft = Draft(source)
    north, east = np.divmod(np.arange(n * n), n)
    rows = draft.add_nodes(east * spacing_km, north * spacing_km)
    return draft, np.asarray(rows).reshape(n, n)
