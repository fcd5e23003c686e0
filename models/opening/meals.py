"""Meals: restaurants, the couriers' fleets for meals, and what drivers expect of these at first (model 5)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from galleria.agents.couriers.posted import Posted
from galleria.agents.couriers.settings import GigCourierSettings
from galleria.agents.fleets.commons import Commons, NoiseKeys
from galleria.agents.fleets.gig import GigFleet
from galleria.agents.kernel.journal import Journal
from galleria.models.city import City
from galleria.models.demand.expected import NO_WORK, Way, Work, tip_as_asked
from galleria.models.demand.meals import expected_meals, open_restaurants
from galleria.models.settings.tree import Settings
from galleria.models.streams import Stream, Streams
from galleria.models.world.meals import Meals, Quoted, Restaurants
from galleria.models.world.world import World


def open_meals(settings: Settings, city: City, streams: Streams) -> Meals:
    """Return the meals of a market before its first day."""
    if settings.meals is None:
        return Meals()
    restaurants = open_restaurants(settings.meals, city, streams)
    meals = Meals(restaurants=restaurants, quoted=Quoted(len(settings.couriers)))
    meals.orders.journal = Journal() if settings.run.record else None
    return meals


def meal_work(settings: Settings, restaurants: Restaurants, households: float, active: Sequence[bool]) -> Work:
    """Return the meals that drivers expect of a day while some couriers are in the market, bool [J]."""
    if settings.meals is None:
        return NO_WORK
    orders, couriers = expected_meals(settings, households, np.array(active)), settings.couriers.values()
    tip_usd = np.array([tip_as_asked(each, settings.meals.tip_usd, settings) for each in couriers])
    ordered = orders.sum()
    paid_usd = settings.meals.pay.base_usd + (float(orders.sum(axis=1) @ tip_usd / ordered) if ordered > 0 else 0.0)
    return Work(orders.sum(axis=0), paid_usd, Way(restaurants.km, restaurants.hours))


def create_meal_fleets(world: World, commons: Commons) -> dict[int, GigFleet]:
    """Make the fleets for meals, by number of courier; they ask the drivers who are on the courier's app.

    Parameters
    ----------
    world
        Whose meals they carry.
    commons
        Of the couriers' other fleets.
    """
    settings, meals = world.settings, world.settings.meals
    if meals is None:
        return {}
    keys = (world.streams.key(stream, "meals") for stream in (Stream.TIE_BREAK, Stream.ACCEPT_NOISE))
    beside = replace(
        commons, orders=world.meals.orders, kerb=None, handover_s=meals.handover_min * 60, keys=NoiseKeys(*keys)
    )
    names, pooled = list(settings.couriers), settings.strategy.pooled
    carriers = [name for name, weight in meals.weights(settings.couriers).items() if weight > 0]
    fleets: dict[int, GigFleet] = {}
    for name in carriers:
        leader = pooled.get(name, name)
        number, courier = names.index(leader), settings.couriers[leader]
        if number not in fleets and isinstance(courier, GigCourierSettings):
            carried = meals.carried_by(courier)
            fleets[number] = GigFleet(number, leader, carried, Posted.at_first(carried), beside)
        fleets[names.index(name)] = fleets[number]
    return fleets
