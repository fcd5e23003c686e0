"""Measures of what deliveries and shopping trips do to the streets."""

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.order import Status
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.registry import measure, measures
from galleria.models.measures.speeds import mean_car_factor, mean_van_factor
from galleria.models.measures.statistics import mean, ratio
from galleria.models.measures.vehicles import driven_by, spared_km_by_hour


def _gig_km(evidence: Evidence) -> float:
    return evidence.empty_km + float(evidence.drivers.loaded_km.sum())


@measure("deadhead_share", "-")
def deadhead_share(evidence: Evidence) -> float:
    """Share of gig drivers' km that is driven without a parcel."""
    return ratio(evidence.empty_km, _gig_km(evidence))


@measure("vkt_km", "km/day")
def vkt_km(evidence: Evidence) -> float:
    """Vehicle km of gig drivers, vans and customers' own trips, these as far as they are not chained to others."""
    return (float(evidence.car_km_by_hour.sum()) + evidence.van_km) / evidence.days


@measures("vkt_<vehicle>_km", "km/day")
def vkt_by_vehicle(evidence: Evidence) -> dict[str, float]:
    """Vehicle km by part of vkt_km: gig drivers empty and with parcels, vans, customers' own trips."""
    own_trips = sum(float(record.trip_km.sum()) for record in evidence.records)
    km = {
        "gig_empty": evidence.empty_km,
        "gig_loaded": float(evidence.drivers.loaded_km.sum()),
        "van": evidence.van_km,
        "own_trip": own_trips * evidence.settings.traffic.chained_trip_factor,
    }
    return {vehicle: each / evidence.days for vehicle, each in km.items()}


@measure("van_km_per_further_stop", "km")
def van_km_per_further_stop(evidence: Evidence) -> float:
    """Km that one more stop would add to the vans' tours, which is less than the mean km of a stop."""
    plans = [plan for plan, _ in evidence.tours if plan.stops > 0]
    return ratio(sum(plan.marginal_km * plan.stops for plan in plans), sum(plan.stops for plan in plans))


@measure("vkt_km_per_order", "km")
def vkt_km_per_order(evidence: Evidence) -> float:
    """Km of gig drivers and vans per order delivered."""
    delivered = int((evidence.status == Status.DELIVERED).sum()) + len(evidence.meals_delivered)
    return ratio(_gig_km(evidence) + evidence.van_km, delivered)


@measure("gig_km_per_order", "km")
def gig_km_per_order(evidence: Evidence) -> float:
    """Km of gig drivers per order they delivered."""
    return ratio(_gig_km(evidence), evidence.by_gig_drivers)


@measure("deadhead_km_per_order", "km")
def deadhead_km_per_order(evidence: Evidence) -> float:
    """Km that gig drivers drive without a parcel, to stores and to other zones, per order they delivered."""
    return ratio(evidence.empty_km, evidence.by_gig_drivers)


@measure("relocation_km_per_order", "km")
def relocation_km_per_order(evidence: Evidence) -> float:
    """Km that idle gig drivers drive to other zones without an order per order delivered."""
    return ratio(float(evidence.drivers.relocate_km.sum()), evidence.by_gig_drivers)


@measures("deadhead_km_per_order_<courier>", "km")
def deadhead_km_by_courier(evidence: Evidence) -> dict[str, float]:
    """Km that drivers drive to stores for each gig courier per order delivered."""
    orders, rows = evidence.orders, evidence.gig
    return {
        name: mean(orders.pickup_km[rows][orders.courier[rows] == number])
        for number, name in enumerate(evidence.couriers)
        if evidence.is_gig[number]
    }


@measure("loaded_km_per_order", "km")
def loaded_km_per_order(evidence: Evidence) -> float:
    """Km that gig drivers drive with parcels per order they delivered."""
    return ratio(float(evidence.drivers.loaded_km.sum()), evidence.by_gig_drivers)


def _mall_visits_s(evidence: Evidence) -> Floats:
    """Return the time from arrival to departure of each gig trip that collects at a mall, float64, s."""
    orders, stores = evidence.orders, evidence.stores
    malls = np.unique(stores.place[stores.mall != BIG_BOX])
    rows = evidence.gig[np.isin(orders.origin[evidence.gig], malls)]
    trip = np.unique(orders.trip[rows], return_inverse=True)[1]
    arrived_s = np.full(int(trip.max(initial=-1)) + 1, np.inf)
    left_s = np.zeros(len(arrived_s))
    np.minimum.at(arrived_s, trip, orders.arrived_s[rows])
    np.maximum.at(left_s, trip, orders.picked_s[rows])
    return np.asarray(left_s - arrived_s)


@measure("kerb_minutes", "min/day")
def kerb_minutes(evidence: Evidence) -> float:
    """Minutes that gig drivers stand at the malls' kerbs, waiting for parcels and taking them over."""
    return (float(_mall_visits_s(evidence).sum()) - evidence.kerb_wait_s) / 60 / evidence.days


@measure("kerb_wait_min_mean", "min")
def kerb_wait_min_mean(evidence: Evidence) -> float:
    """Mean time that a gig trip which collects at a mall waits for a slot at its kerb."""
    return ratio(evidence.kerb_wait_s / 60, len(_mall_visits_s(evidence)))


@measure("co2_kg", "kg/day")
def co2_kg(evidence: Evidence) -> float:
    """CO2 of the km in vkt_km, by speed if asked for, less what other vehicles of drivers and electric ones save."""
    traffic = evidence.settings.traffic
    car_factor, van_factor = mean_car_factor(evidence), mean_van_factor(evidence)
    cars = float(evidence.car_km_by_hour.sum()) * traffic.car_co2_kg_per_km * car_factor
    gig_less = traffic.car_co2_kg_per_km - np.array([record.gig_co2_kg_per_km for record in evidence.records])
    van_less = traffic.van_co2_kg_per_km - np.array([record.van_co2_kg_per_km for record in evidence.records])
    saved = float(evidence.gig_km_by_day @ gig_less * car_factor + evidence.van_km_by_day @ van_less * van_factor)
    for km, vehicle in driven_by(evidence).values():
        own_factor = 1.0 if vehicle.kwh_per_km else car_factor
        saved += km * (traffic.car_co2_kg_per_km * car_factor - vehicle.co2_kg_per_km * own_factor)
    return (cars + evidence.van_km * traffic.van_co2_kg_per_km * van_factor - saved) / evidence.days


@measures("nox_<vehicle>_kg", "kg/day")
def nox_kg(evidence: Evidence) -> dict[str, float]:
    """Nitrogen oxides of the km of cars, or what has an engine, and vans in vkt_km; only with traffic=by_speed."""
    emissions = evidence.settings.traffic.emissions
    if emissions is None:
        return {}
    electric_km = sum(km for km, vehicle in driven_by(evidence).values() if vehicle.kwh_per_km)
    car_g = (float(evidence.car_km_by_hour.sum()) - electric_km) * emissions.car_nox_g_per_km
    return {
        "car": car_g / 1000 / evidence.days,
        "van": evidence.van_km * emissions.van_nox_g_per_km / 1000 / evidence.days,
    }


@measure("external_cost_usd", "$/day")
def external_cost_usd(evidence: Evidence) -> float:
    """Congestion that the km in vkt_km cause others, and their CO2 at the social cost of carbon."""
    traffic = evidence.settings.traffic
    rate = np.array(traffic.congestion_usd_per_km)
    congestion = float((evidence.car_km_by_hour - spared_km_by_hour(evidence)) @ rate) / evidence.days
    for plan, leaves_h in evidence.tours:
        route_h = plan.hours / plan.routes if plan.routes else 0.0
        hour = np.arange(24)
        inside = np.clip(np.minimum(hour + 1, leaves_h + route_h) - np.maximum(hour, leaves_h), 0.0, None)
        congestion += ratio(plan.km * float(inside @ rate), route_h) / evidence.days if route_h else 0.0
    return congestion + co2_kg(evidence) / 1000 * traffic.carbon_usd_per_t
