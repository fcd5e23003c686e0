"""Measures of drivers by what they go by, where some have another vehicle than the usual car."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from galleria.agents.drivers.settings import CAR, VehicleSettings
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measures
from galleria.models.measures.statistics import ratio


def driven_by(evidence: Evidence) -> dict[str, tuple[float, VehicleSettings]]:
    """Return the km driven on each vehicle that is not the usual car, and the vehicle."""
    drivers, vehicles = evidence.drivers, evidence.settings.drivers.vehicles
    km = np.bincount(drivers.vehicle, drivers.driven_km, minlength=len(vehicles) + 1)
    return {name: (float(each), vehicles[name]) for name, each in zip(vehicles, km[1:], strict=True)}


def spared_km_by_hour(evidence: Evidence) -> Floats:
    """Return by how many km of cars drivers' vehicles take less of the road than as many cars, float64 [24]."""
    hours, vehicles = np.zeros(24), evidence.settings.drivers.vehicles.values()
    if not vehicles:
        return hours
    spared = np.array([0.0, *(1 - each.road_space for each in vehicles)])
    for orders in (evidence.orders, evidence.meals):
        taken = np.flatnonzero(orders.driver[: orders.count] >= 0)
        hour = (orders.accepted_s[taken] % DAY_S // HOUR_S).astype(np.int64)
        km = orders.pickup_km[taken] + orders.loaded_km[taken]
        np.add.at(hours, hour, km * spared[evidence.drivers.vehicle[orders.driver[taken]]])
    return hours


def _per_vehicle(evidence: Evidence, of_drivers: Floats | NDArray[np.integer[Any]]) -> dict[str, float]:
    """Sum something of drivers, [N], by what they go by; nothing where drivers.vehicles names none."""
    names = [CAR, *evidence.settings.drivers.vehicles]
    if len(names) == 1:
        return {}
    sums = np.bincount(evidence.drivers.vehicle, of_drivers, minlength=len(names))
    return dict(zip(names, sums.tolist(), strict=True))


def _per_online_h(evidence: Evidence, of_drivers: Floats | NDArray[np.integer[Any]]) -> dict[str, float]:
    """Sum something of drivers, [N], per hour on line by what they go by."""
    online_s = _per_vehicle(evidence, evidence.drivers.online_s)
    return {name: ratio(each, online_s[name] / HOUR_S) for name, each in _per_vehicle(evidence, of_drivers).items()}


@measures("gig_<vehicle>_km", "km/day")
def gig_km_by_vehicle(evidence: Evidence) -> dict[str, float]:
    """Km of gig drivers by what they go by; only where drivers.vehicles names some."""
    others = driven_by(evidence)
    if not others:
        return {}
    km = {CAR: float(evidence.drivers.driven_km[evidence.drivers.vehicle == 0].sum())}
    km |= {name: each for name, (each, _) in others.items()}
    return {name: each / evidence.days for name, each in km.items()}


@measures("gig_<vehicle>_orders_per_day", "1/day")
def gig_orders_by_vehicle(evidence: Evidence) -> dict[str, float]:
    """Orders that gig drivers delivered by what they go by, meals included; only where drivers.vehicles names some."""
    return {name: each / evidence.days for name, each in _per_vehicle(evidence, evidence.drivers.orders).items()}


@measures("gig_<vehicle>_orders_per_online_h", "1/h")
def gig_orders_per_h_by_vehicle(evidence: Evidence) -> dict[str, float]:
    """Orders delivered per hour on line of gig drivers by what they go by; only where drivers.vehicles names some."""
    return _per_online_h(evidence, evidence.drivers.orders)


@measures("gig_<vehicle>_net_usd_per_online_h", "$/h")
def gig_net_by_vehicle(evidence: Evidence) -> dict[str, float]:
    """Net pay per hour on line of gig drivers by what they go by; only where drivers.vehicles names some."""
    return _per_online_h(evidence, evidence.ledger.balance_usd("driver"))


@measures("gig_electricity_kwh", "kWh/day")
def gig_electricity_kwh(evidence: Evidence) -> dict[str, float]:
    """Electricity that gig drivers' vehicles take; only where drivers.vehicles names some."""
    others = driven_by(evidence)
    return {"": sum(km * each.kwh_per_km for km, each in others.values()) / evidence.days} if others else {}
