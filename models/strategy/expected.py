"""What couriers expect: of whom, and of quotes and the cost of an order, before anything was seen (model 7.6)."""

import numpy as np

from galleria.agents.couriers.pay import pay
from galleria.agents.couriers.top_up import order_cost_usd
from galleria.agents.kernel.arrays import Floats
from galleria.agents.regulator.policy import Ride
from galleria.models.demand.draw import draw_households, draw_occasions
from galleria.models.demand.expected import trip_hours
from galleria.models.money.hours import least_usd_per_engaged_h
from galleria.models.strategy.case import Case, Conditions, Sample
from galleria.models.streams import CALIBRATION, Streams
from galleria.models.world import World


def draw_sample(world: World) -> Sample:
    """Draw the shoppers on whom demand is worked out: those of the calibration, an occasion each."""
    customers = world.settings.customers
    streams, size = Streams(world.settings.run.seed, CALIBRATION), customers.calibration.sample
    households = draw_households(customers, world.city, size, streams)
    names, nests = world.channels.names, world.channels.nests
    occasions = draw_occasions(customers, world.settings.retailers, households, 0, streams, names, nests, size)
    occasions.household[:] = np.arange(size)
    return Sample(households, occasions)


def expected_conditions(world: World, sample: Sample, case: Case, likely: Floats, per_day: float) -> Conditions:
    """Expect the case's quotes, the pay of the sample's orders as if each parcel had a trip of its own, and tours.

    Parameters
    ----------
    world, sample, case
        Whose couriers expect something of which shoppers in which market.
    likely
        float64 [n, J], chances of the couriers to be chosen.
    per_day
        Shopping occasions of a day.
    """
    choices, home = case.choices, sample.households.home
    cost_usd = np.array([courier.settings.support_usd for courier in world.couriers])
    for number, (courier, in_force) in enumerate(zip(world.couriers, case.pay, strict=True)):
        weight = likely[:, number]
        if in_force is not None and weight.sum() > 0:
            store = choices.origin[:, number]
            km = world.roads.km(store, home)
            way_h = choices.drive_h[:, number] - world.shopping.door_h
            nothing, minutes = np.zeros(len(km)), 60 * way_h
            ride = Ride(store, store, home, sample.occasions.arrive_s, nothing, km, minutes, nothing)
            paid_usd = case.rules.offer(pay(in_force, km, minutes), ride)
            each_h = trip_hours(way_h, world.settings.retailers.handover_min, world.settings.drivers.door_min)
            paid, hours = (float(np.average(x, weights=weight)) for x in (paid_usd, each_h))
            least_usd = least_usd_per_engaged_h(case.rules, world.drivers)
            cost_usd[number] += courier.settings.hired_usd or float(order_cost_usd(paid, hours, least_usd))
        cost_usd[number] += courier.fleet.marginal_usd(float(weight.mean()) * per_day)
    return Conditions(case.quote_h.copy(), cost_usd)
