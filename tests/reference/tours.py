"""Van tours of a day, approximated (docs/odd.md, vans)."""

from math import sqrt
from typing import NamedTuple

from tests.reference.world import World


class Tours(NamedTuple):
    """Routes, the hours of all of them, and their cost."""

    routes: float
    hours: float
    usd: float


def tours_of(world: World, courier: int, parcels: int) -> Tours:
    """Plan the tours for so many parcels."""
    tours, homes = list(world.settings["couriers"].values())[courier]["tours"], world.homes
    depot_km = sum(km * weight for km, weight in zip(world.km[world.warehouse], homes, strict=True)) / sum(homes)
    stops = parcels / tours["parcels_per_stop"]
    routes = max(1.0, stops / tours["stops_per_route"])
    km = 2 * depot_km * routes + tours["tour_constant"] * sqrt(stops * world.area_km2)
    hours = km / tours["speed_km_per_h"] + (stops * tours["stop_min"] + routes * tours["load_min"]) / 60
    return Tours(routes, hours, tours["cost_usd_per_h"] * hours + tours["cost_usd_per_km"] * km)


def marginal_usd(world: World, courier: int, parcels_per_day: float) -> float:
    """Return what one more parcel a day costs."""
    parcels = max(1, round(parcels_per_day))
    return tours_of(world, courier, parcels + 1).usd - tours_of(world, courier, parcels).usd
