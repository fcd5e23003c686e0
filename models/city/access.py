"""The access leg: the way from people's doors to their home place, where an extract has main roads alone."""

import numpy as np
from scipy.spatial import cKDTree

from galleria.models.city.home_settings import AccessSettings
from galleria.models.city.homes import Counts
from galleria.models.city.raw import Floats, Ints
from galleria.models.city.roads import Roads


def access_legs(
    settings: AccessSettings | None, roads: Roads, local: tuple[str, ...], counts: Counts | None, homes: Ints
) -> tuple[tuple[Floats, Floats] | None, tuple[str, ...]]:
    """Measure the access leg of each home place, where there is any.

    Parameters
    ----------
    settings
        None for no such leg.
    roads
        The road network.
    local
        Classes of local streets: a graph that has any needs no such leg.
    counts
        People by point; None if nobody knows, and then they live at the nodes.
    homes
        int32 [h], nodes of the home places.

    Returns
    -------
    float64 [h], s, and float64 [h], km, means of the people who live nearest to the place, with a sentence; else None.
    """
    if settings is None or counts is None or roads.classes_touching(set(local)).any():
        return None, ()
    at = np.column_stack([roads.node_x_km[homes], roads.node_y_km[homes]])
    away_km, nearest = cKDTree(at).query(np.column_stack([counts.x_km, counts.y_km]))
    people = np.bincount(nearest, counts.people, homes.size)
    total_km = np.bincount(nearest, counts.people * away_km, homes.size)
    leg_km = settings.detour * np.divide(total_km, people, out=np.zeros(homes.size), where=people > 0)
    mean_km = float(leg_km @ people / people.sum())
    said = (
        f"Homes connect to their road node by an access leg of {mean_km:.2f} km on average, {settings.detour:g} times "
        f"the straight line, at {settings.speed_kph:g} km/h: there are no streets of the classes {', '.join(local)}."
    )
    return (leg_km / settings.speed_kph * 3600, leg_km), (said,)
