"""Meals: on which occasions of a day one may be ordered, and how many are expected of whom (model 7.1).

Restaurants stand where people live. Whoever wants a meal at a place chooses among those within reach by distance,

    P_r = exp(-km_r / decay) / sum_s exp(-km_s / decay).

What is drawn of a day depends on no choice in the market: all design points meet the same occasions, those that end in
an order where prices and waits are as they were, and further ones. A uniform number of each says how much dearer a meal
must be for the one to be given up, how much cheaper for the other to be ordered.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from galleria.agents.couriers.meals import MealSettings
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.city import City
from galleria.models.demand.draw import arrival_times, lognormal
from galleria.models.settings.tree import Settings
from galleria.models.streams import Stream, Streams
from galleria.models.world.meals import Restaurants


def open_restaurants(settings: MealSettings, city: City, streams: Streams) -> Restaurants:
    """Found the restaurants; where they stand is drawn from the stream MEAL."""
    homes = city.places.households
    number = max(1, round(settings.restaurants_per_1000_households * float(homes.sum()) / 1000))
    place = _places(homes, streams.generator(Stream.MEAL, "restaurants").random(number))
    everywhere = np.arange(city.places.n)[:, None]
    km = city.distance.at(place, everywhere)
    worth = np.where(km <= settings.radius_km, np.exp(-km / settings.decay_km), 0.0)
    nobody = np.flatnonzero(worth.sum(axis=1) == 0)
    worth[nobody, km[nobody].argmin(axis=1)] = 1.0
    chance = worth / worth.sum(axis=1, keepdims=True)
    way_km = np.average((chance * km).sum(axis=1), weights=homes)
    way_s = np.average((chance * city.time.at(place, everywhere)).sum(axis=1), weights=homes)
    return Restaurants(place, chance.cumsum(axis=1).astype(np.float32), float(way_km), float(way_s) / HOUR_S)


def _places(households: Floats, uniform: Floats) -> Ints:
    """Turn uniform numbers into places where people live, by their number."""
    cumulated = np.cumsum(households)
    return np.asarray(cumulated.searchsorted(uniform * cumulated[-1], side="right"))


class MealTable(NamedTuple):
    """The occasions of a day on which a meal may be ordered, in the order of time, n of them.

    Attributes
    ----------
    number
        int64 [n], counted through the day: those with an order at the reference from 0, the further ones from FURTHER.
    placed_s, preparation_s
        float64 [n], when they are ordered, and how long they take to pack, s.
    home, restaurant
        int64 [n], place of the door, and row of the restaurant.
    asks
        float64 [n], uniform numbers by which a courier is asked.
    basket_usd
        float64 [n], $ at prices in the restaurant.
    mark
        float64 [n], uniform numbers that decide whether a meal is ordered.
    """

    number: Ints
    placed_s: Floats
    preparation_s: Floats
    home: Ints
    restaurant: Ints
    asks: Floats
    basket_usd: Floats
    mark: Floats

    def rows(self, which: slice | Bools | Ints) -> "MealTable":
        """Return some of the occasions."""
        columns: list[Any] = [column[which] for column in self]
        return MealTable(*columns)

    def ordered(self, ratio: Floats, further: float) -> Bools:
        """Tell on which a meal is ordered, bool [n].

        Parameters
        ----------
        ratio
            float64 [n], orders over those at the reference, at most 1 + `further`.
        further
            Occasions without an order at the reference for each with one.
        """
        return np.where(self.number < FURTHER, self.mark < ratio, self.mark * further < ratio - 1)


FURTHER = 2**31
"""Number of the first occasion of a day on which no meal is ordered at the reference."""


def draw_meals(settings: MealSettings, restaurants: Restaurants, city: City, day: int, streams: Streams) -> MealTable:
    """Draw a day's occasions from the stream MEAL: Poisson processes with hourly rates."""
    per_household, further = settings.orders_per_household_day, settings.choice.further
    at_reference = _drawn(settings, restaurants, city, day, streams.generator(Stream.MEAL, day), per_household)
    beyond = _drawn(
        settings, restaurants, city, day, streams.generator(Stream.MEAL, day, "further"), further * per_household
    )
    beyond = beyond._replace(number=FURTHER + beyond.number)
    both = MealTable(*(np.concatenate(columns) for columns in zip(at_reference, beyond, strict=True)))
    return both.rows(both.placed_s.argsort(kind="stable"))


def _drawn(
    settings: MealSettings,
    restaurants: Restaurants,
    city: City,
    day: int,
    generator: np.random.Generator,
    per_household: float,
) -> MealTable:
    homes = city.places.households
    number = int(generator.poisson(float(homes.sum()) * per_household))
    placed_s = day * DAY_S + arrival_times(np.array(settings.hour_weights), generator.random(number))
    home = _places(homes, generator.random(number))
    restaurant = _chosen(restaurants.cumulated, home, generator.random(number))
    asks = generator.random(number)
    basket_usd = lognormal(settings.basket.mean_usd, settings.basket.sd_log, generator.standard_normal(number))
    spread = float(np.sqrt(np.log1p(settings.preparation.cv**2)))
    preparation_s = lognormal(settings.preparation.mean_min * 60, spread, generator.standard_normal(number))
    mark = generator.random(number)
    return MealTable(np.arange(number), placed_s, preparation_s, home, restaurant, asks, basket_usd, mark)


@njit(cache=True)
def _chosen(cumulated: NDArray[np.float32], home: Ints, uniform: Floats) -> Ints:
    """Return the restaurant of each meal by its uniform number, int64 [n]."""
    chosen = np.empty(len(home), np.int64)
    for k in range(len(home)):
        of_place = cumulated[home[k]]
        chosen[k] = min(np.searchsorted(of_place, uniform[k] * of_place[-1], side="right"), len(of_place) - 1)
    return chosen


def asked(pull: Floats, uniform: Floats) -> Ints:
    """Return the courier asked for each meal by what draws to each, float64 [n, J]; int64 [n], -1 for none."""
    cumulated = np.cumsum(pull, axis=1)
    whole = cumulated[:, -1]
    return np.where(whole > 0, (cumulated <= (uniform * whole)[:, None]).sum(axis=1), -1)


def expected_meals(settings: Settings, households: float, active: Bools) -> Floats:
    """Return the meals expected of couriers by hour of day at the reference, float64 [J, 24]; the active share them."""
    meals = settings.meals
    if meals is None:
        return np.zeros((len(active), 24))
    weight = np.where(active, list(meals.weights(settings.couriers).values()), 0.0)
    share = weight / max(float(weight.sum()), np.finfo(np.float64).tiny)
    return share[:, None] * (meals.orders_per_household_day * households * np.array(meals.hour_weights))
