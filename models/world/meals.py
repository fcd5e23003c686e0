"""Restaurant meals: what they add to the state of a market (model 7.1)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from agents.fleets.gig import GigFleet
from agents.kernel.arrays import Floats, Ints
from agents.kernel.order import MEALS, Orders


@dataclass(frozen=True)
class Restaurants:
    """Where meals come from.

    Attributes
    ----------
    place
        int64 [R].
    cumulated
        float32 [P, R], chance that a meal to a place comes from one of the first restaurants.
    km, hours
        Mean way of a meal from the restaurant to the door, on empty roads.
    """

    place: Ints
    cumulated: NDArray[np.float32]
    km: float
    hours: float

    @property
    def chances(self) -> Floats:
        """Chance that a meal to a place comes from a restaurant, float64 [P, R]."""
        return np.diff(self.cumulated, axis=1, prepend=0.0).astype(np.float64)


NO_RESTAURANTS = Restaurants(np.empty(0, np.int64), np.empty((0, 0), np.float32), 0.0, 0.0)


@dataclass
class Meals:
    """Restaurant meals, none where there are not any.

    Attributes
    ----------
    orders
        A population of their own; `store` is the row of the restaurant, `courier` -1 where no courier carries meals.
    restaurants
        Where they come from.
    fleets
        By the number of the courier; of couriers that pool their drivers the same one.
    """

    orders: Orders = field(default_factory=lambda: Orders(0, MEALS))
    restaurants: Restaurants = NO_RESTAURANTS
    fleets: dict[int, GigFleet] = field(default_factory=dict)

    @property
    def dispatchers(self) -> list[GigFleet]:
        """The fleets, each once."""
        return list(dict.fromkeys(self.fleets.values()))
