"""What is expected before the first day: the orders of each courier, the way to a customer, drivers' pay (model 5)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from galleria.agents.couriers.settings import AnyCourierSettings
from galleria.agents.couriers.tips import tip_in_force
from galleria.agents.customers.store_map import Nearest
from galleria.agents.drivers.labour import LabourSupply, equilibrium_rate
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.retailers.settings import HoursSettings
from galleria.models.city import City
from galleria.models.settings.tree import Settings

MINUTES = 1440


class Way(NamedTuple):
    """The mean way from the nearest mall to the homes."""

    km: float
    hours: float


def mean_way(city: City, nearest: Nearest) -> Way:
    """Return the mean way from the nearest mall to the homes on empty roads."""
    homes, weights = np.arange(city.places.n), city.places.households
    km = np.average(city.distance.at(nearest.mall_place, homes), weights=weights)
    seconds = np.average(city.time.at(nearest.mall_place, homes), weights=weights)
    return Way(float(km), float(seconds) / HOUR_S)


def trip_hours[T: (float, Floats)](way_h: T, handover_min: float, door_min: float) -> T:
    """Return how long one parcel takes a driver, out and back, with the hand-overs at the store and the door, h."""
    return 2 * way_h + (handover_min + door_min) / 60


def open_share(courier: AnyCourierSettings, settings: Settings) -> Floats:
    """Return the part of each hour of day in which a courier takes orders, float64 [24]."""
    retailers = settings.retailers
    open_now = np.full(MINUTES, not courier.packs_on_order)
    if courier.packs_on_order and "mall" in courier.sellers:
        open_now |= _is_open(retailers.mall, retailers.last_order_min)
    if courier.packs_on_order and "big_box" in courier.sellers:
        open_now |= _is_open(retailers.big_box, retailers.last_order_min)
    if courier.last_order_h is not None:
        open_now &= np.arange(MINUTES) < 60 * courier.last_order_h
    return np.asarray(open_now.reshape(24, 60).mean(axis=1))


def _is_open(store: HoursSettings, lead_min: float) -> Bools:
    """Return in which minutes of the day a store takes orders, bool [1440]."""
    minute = np.arange(MINUTES) + 0.5
    return np.asarray((minute >= 60 * store.opens_h) & (minute < 60 * store.closes_h - lead_min))


def expected_orders(settings: Settings, households: float, active: Sequence[bool] | None = None) -> Floats:
    """Return the orders that couriers expect before a day was seen, by courier and hour of day, float64 [J, 24].

    The observed share of occasions, as it was or as the courier's model has it (`constant_of`), spread over the hours
    in which the courier takes orders.

    Parameters
    ----------
    settings
        Of the design point.
    households
        Number of them.
    active
        Which couriers are in the market; the others expect nothing. By default those that the settings call active.
    """
    customers = settings.customers
    here = [each.active for each in settings.couriers.values()] if active is None else active
    per_day = customers.occasions_per_household_day * households
    orders = np.zeros((len(settings.couriers), 24))
    for number, (name, each) in enumerate(settings.couriers.items()):
        arriving = np.array(customers.hour_weights) * open_share(each, settings)
        if here[number] and arriving.sum() > 0:
            share = customers.observed_share.get(each.constant_of or name, 0.0)
            orders[number] = per_day * share * arriving / arriving.sum()
    return orders


class Work(NamedTuple):
    """Orders beside those of the couriers' channels: float64 [24] of them, net of no driving, and their way.

    Attributes
    ----------
    orders
        float64 [24], by hour of day.
    paid_usd
        Pay and tip of one.
    way
        From origins to doors.
    """

    orders: Floats
    paid_usd: float
    way: Way


NO_WORK = Work(np.zeros(24), 0.0, Way(0.0, 0.0))


def expected_rates(settings: Settings, orders: Floats, way: Way, beside: Work = NO_WORK) -> Floats:
    """Solve for the hourly net pay that drivers would share if all were as expected, by hour of day.

    In each hour, the pay of the expected orders is shared by those who work at that rate: w N(w) = Q e, with
    N(w) = pool Phi(ln(w / median) / sd) and e the net pay of an order (model 10.4 M3). Nobody earns more per hour than
    by one order after the other, out and back.

    Parameters
    ----------
    settings
        Of the design point.
    orders
        float64 [J, 24], from `expected_orders`.
    way
        From `mean_way`.
    beside
        What the same drivers do beside these orders.

    Returns
    -------
    float64 [24], $/h; 0 in hours without orders.
    """
    drivers = settings.drivers
    couriers = list(settings.couriers.values())
    gig = [number for number, each in enumerate(couriers) if each.by_gig_drivers]
    paid = [
        couriers[number].trip_pay.base_usd + tip_as_asked(couriers[number], couriers[number].tip_of_order_usd, settings)
        for number in gig
    ]
    trip_h = trip_hours(way.hours, settings.retailers.handover_min, drivers.door_min)
    other_h = trip_hours(beside.way.hours, settings.meals.handover_min if settings.meals else 0.0, drivers.door_min)
    driving_usd, other_driving_usd = (2 * each.km * drivers.mean_cost_usd_per_km for each in (way, beside.way))
    sd_log = float(np.hypot(drivers.reservation.sd_log, drivers.reservation.hourly_sd_log))
    rates = np.zeros(24)
    for hour, (asked, taste) in enumerate(zip(orders[gig].T, drivers.hour_taste, strict=True)):
        own, other = float(asked.sum()), float(beside.orders[hour])
        if own + other > 0:
            net_usd = max(0.0, float(asked @ np.array(paid) / own) - driving_usd) if own > 0 else 0.0
            other_usd = max(0.0, beside.paid_usd - other_driving_usd)
            supply = LabourSupply(drivers.pool, drivers.reservation.median_usd_per_h * taste, sd_log)
            income, part = own * net_usd + other * other_usd, other / (own + other)
            most = (net_usd + part * (other_usd - net_usd)) / (trip_h + part * (other_h - trip_h))
            rates[hour] = equilibrium_rate(supply, income, 0.0, 1e-6, most)
    return rates


def tip_as_asked(courier: AnyCourierSettings, observed_usd: float, settings: Settings) -> float:
    """Return the tip of an order with a courier as it asks for it, $."""
    left_after = settings.customers.tip_left_after_checkout
    return tip_in_force(observed_usd, courier.observed_asks_before, courier.asks_before, left_after)
