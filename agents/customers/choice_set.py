"""What each shopping occasion has before it: which channels, from which store, at what price and distance (model 7.2).

Everything but the couriers' quotes is known when the day opens, so it is worked out for all occasions at once; at the
moment of choice only the quoted time is added.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agents.couriers.courier import Terms
from agents.customers.customer import CustomerSettings, Households, Occasions, delivery_cost, trip_cost, variety
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.roads import Roads
from agents.retailers.retailer import BIG_BOX, Retailers, RetailerSettings, opens_at


@dataclass(frozen=True)
class Nearest:
    """The stores nearest to each place, by driving time.

    Attributes
    ----------
    mall
        int [P], number of the mall.
    mall_place
        int [P], where it stands.
    big_box
        int [P] for each chain, row of the big box among the retailers; None is the key for any chain.
    """

    mall: Ints
    mall_place: Ints
    big_box: dict[str | None, Ints]


@dataclass(frozen=True)
class ChoiceSet:
    """One row an occasion, one column a channel (C in all, the first J of them couriers).

    Attributes
    ----------
    utility
        float64 [n, C], V less the cost of waiting for a delivery, utils; -inf where a channel is not to be had.
    wait_weight
        float64 [n], utils per hour of waiting, alpha VOD.
    drive_h
        float64 [n, C], quoted time from the store to the end at the door, h; 0 for vans and own trips.
    store
        int64 [n, J], row of the retailer that would sell; -1 for none and for the marketplace's sellers.
    origin
        int64 [n, J], place where the parcel would be collected.
    """

    utility: Floats
    wait_weight: Floats
    drive_h: Floats
    store: Ints
    origin: Ints

    def quoted(self, rows: slice, quote_h: Floats, cap_h: float) -> Floats:
        """Add the cost of waiting to V of some occasions.

        Parameters
        ----------
        rows
            The occasions.
        quote_h
            float64 [C], the couriers' quotes to the departure of the parcel, h, inf for no service; 0 for the rest.
        cap_h
            Quotes above it count as no service.

        Returns
        -------
        float64 [m, C], utils.
        """
        wait_h = self.drive_h[rows] + quote_h
        with np.errstate(invalid="ignore"):
            quoted = self.utility[rows] - self.wait_weight[rows, None] * wait_h
        quoted[wait_h > cap_h] = -np.inf
        return quoted


@dataclass(frozen=True)
class Shopping:
    """What is the same for all occasions and days: stores, roads, tastes, channel constants.

    Attributes
    ----------
    customers, retailers
        Settings.
    stores
        The population of retailers.
    nearest
        Nearest stores of each place.
    roads
        Driving times and distances.
    door_h
        Time of the hand-over at the door, h.
    toll
        What the public charges customers for trips of their own, float64 [n], $, from homes, stores, km one way and
        times of departure.
    """

    customers: CustomerSettings
    retailers: RetailerSettings
    stores: Retailers
    nearest: Nearest
    roads: Roads
    door_h: float
    toll: Callable[[Ints, Ints, Floats, Floats], Floats]

    def choice_set(
        self,
        occasions: Occasions,
        households: Households,
        terms: list[Terms],
        constants: Floats,
        memory_h: Floats,
    ) -> ChoiceSet:
        """Work out what each occasion has before it.

        Parameters
        ----------
        occasions, households
            n occasions and the people they belong to.
        terms
            One for each courier.
        constants
            float64 [C], utils.
        memory_h
            float64 [Z, C], remembered lateness by zone and channel, h.
        """
        person = occasions.household
        alpha = households.price_sensitivity[person]
        delay_usd_per_h = households.delay_usd_per_h[person]
        n, channels = len(occasions), len(constants)
        value_usd = np.zeros((n, channels))
        drive_h = np.zeros((n, channels))
        store, origin = np.empty((n, len(terms)), np.int64), np.empty((n, len(terms)), np.int64)
        lateness_usd = self.customers.lateness_weight * delay_usd_per_h[:, None] * memory_h[households.zone[person]]
        for j, offer in enumerate(terms):
            found = offer.source.find(self, occasions, households)
            store[:, j], origin[:, j], drive_h[:, j] = found.store, found.origin, found.drive_h
            rate = offer.service_rate + offer.markup
            fee_usd = offer.fee_usd + offer.added_fee_usd
            cost = delivery_cost(fee_usd, offer.tip_usd, offer.tax_usd, rate, occasions.basket_usd)
            gain = offer.quality_usd + variety(self.customers, found.assortment)
            value_usd[:, j] = gain - cost - found.trip_usd - lateness_usd[:, j]
            value_usd[~(found.available & offer.active), j] = -np.inf
        for column, (cost, assortment, is_open) in enumerate(self._trips(occasions, households), start=len(terms)):
            value_usd[:, column] = np.where(is_open, variety(self.customers, assortment) - cost, -np.inf)
        again = households.last_channel[person][:, None] == np.arange(channels)
        value_usd += self.customers.inertia_usd * again
        return ChoiceSet(constants + alpha[:, None] * value_usd, alpha * delay_usd_per_h, drive_h, store, origin)

    def store_in_mall(self, occasions: Occasions, home: Ints, listed: Bools) -> tuple[Ints, Ints]:
        """Choose a store of the wanted category in the nearest mall among the listed ones.

        Returns
        -------
        int64 [n], rows of retailers (any row where there is none), and int64 [n], how many there were to choose from.
        """
        stores, categories = self.stores, len(self.retailers.categories)
        in_mall = np.flatnonzero(listed & (stores.mall != BIG_BOX))
        if not len(in_mall):
            return np.zeros(len(home), np.int64), np.zeros(len(home), np.int64)
        shelf_of_store = stores.mall[in_mall].astype(np.int64) * categories + stores.category[in_mall]
        by_shelf = in_mall[np.argsort(shelf_of_store, kind="stable")]
        count = np.bincount(shelf_of_store, minlength=(int(stores.mall.max()) + 1) * categories)
        first = np.cumsum(count) - count
        shelf = self.nearest.mall[home] * categories + occasions.category
        nth = (occasions.store_pick * count[shelf]).astype(np.int64)
        return by_shelf[np.minimum(first[shelf] + nth, len(by_shelf) - 1)], count[shelf]

    def store_visited(self, occasions: Occasions, home: Ints) -> Ints:
        """Choose the store where a visitor of the nearest mall buys: of the wanted kind, or any if it has none."""
        per_mall = self.retailers.mall.stores
        store, choices = self.store_in_mall(occasions, home, np.ones(len(self.stores), np.bool_))
        any_store = self.nearest.mall[home] * per_mall + (occasions.store_pick * per_mall).astype(np.int64)
        return np.where(choices > 0, store, any_store)

    def _trips(self, occasions: Occasions, households: Households) -> list[tuple[Floats, Floats, Bools]]:
        """Return cost, assortment and opening of trips to the mall and to the big box, and of not buying."""
        person = occasions.household
        home, vot = households.home[person], households.travel_usd_per_h[person]
        trip, hours = self.customers.trip, self.retailers
        stores_of_mall = np.bincount(self.stores.mall[self.stores.mall != BIG_BOX])
        result = []
        for place, shopping_h, assortment, times in (
            (self.nearest.mall_place[home], trip.mall_h, stores_of_mall[self.nearest.mall[home]], hours.mall),
            (self.stores.place[self.nearest.big_box[None][home]], trip.big_box_h, np.ones(len(home)), hours.big_box),
        ):
            drive_h = self.roads.drive_s(home, place, occasions.arrive_s) / 3600
            km = self.roads.km(home, place)
            cost = trip_cost(trip, km, drive_h, shopping_h, vot) + self.toll(home, place, km, occasions.arrive_s)
            result.append((cost, assortment.astype(np.float64), opens_at(times, occasions.arrive_s, 0.0)))
        nothing = np.zeros(len(home))
        return [*result, (nothing, nothing, np.ones(len(home), np.bool_))]
