"""Restaurant meals: what they add to the state of a market (model 7.1)."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from galleria.agents.fleets.gig import GigFleet
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.order import MEALS, Orders


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


class Quoted:
    """Sums and numbers of quotes by courier and hour of day, float64 [J, 24]; those without service are left out."""

    def __init__(self, couriers: int) -> None:
        self.sum_h, self.number = np.zeros((2, couriers, 24))

    def count(self, quote_h: Floats, hour: int) -> None:
        """Take in what each courier quotes in an hour, float64 [J], h."""
        quotes = np.isfinite(quote_h)
        self.sum_h[quotes, hour] += quote_h[quotes]
        self.number[quotes, hour] += 1

    def mean_h(self, otherwise_h: float) -> Floats:
        """Return the mean quotes and begin anew; where there were none, what is given."""
        mean = np.where(self.number > 0, self.sum_h / np.maximum(self.number, 1), otherwise_h)
        self.sum_h[:] = self.number[:] = 0.0
        return np.asarray(mean)


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
    usual_quote_h
        float64 [J, 24], how long from the order to the departure couriers quote by hour of day where no policy holds;
        None where it is not known, and meals answer prices alone.
    quoted
        What they quoted since it was last asked.
    gain_usd
        Gain of the day's consumers from prices and waits that are not the usual ones.
    """

    orders: Orders = field(default_factory=lambda: Orders(0, MEALS))
    restaurants: Restaurants = NO_RESTAURANTS
    fleets: dict[int, GigFleet] = field(default_factory=dict)
    usual_quote_h: Floats | None = None
    quoted: Quoted = field(default_factory=lambda: Quoted(0))
    gain_usd: float = 0.0

    @property
    def dispatchers(self) -> list[GigFleet]:
        """The fleets, each once."""
        return list(dict.fromkeys(self.fleets.values()))
