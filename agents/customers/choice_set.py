"""What each shopping occasion has before it: which channels, from which store, at what price and distance (model 7.2).

Everything but the couriers' quotes is known when the day opens, so it is worked out for all occasions at once; at the
moment of choice only the quoted time is added.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.settings import CustomerSettings
from galleria.agents.customers.store_map import StoreMap
from galleria.agents.customers.terms import Terms
from galleria.agents.customers.utility import (
    Tastes,
    after_waiting,
    lateness_cost,
    time_by_basket,
    trip_cost,
    utility,
    worth_of_delivery,
    worth_of_trip,
)
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.retailers.retailer import opens_at


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
        return after_waiting(self.utility[rows], self.wait_weight[rows], self.drive_h[rows] + quote_h, cap_h)


@dataclass(frozen=True, kw_only=True)
class Shopping(StoreMap):
    """The map of stores as customers with their tastes see it; the same for all occasions and days.

    Attributes
    ----------
    customers
        Settings.
    toll
        What the public charges customers for trips of their own, float64 [n], $, from homes, stores, km one way and
        times of departure.
    """

    customers: CustomerSettings
    toll: Callable[[Ints, Ints, Floats, Floats], Floats]

    def choice_set(
        self,
        occasions: Occasions,
        households: Households,
        terms: list[Terms],
        constants: Floats,
        memory_h: Floats,
    ) -> ChoiceSet:
        """Work out the utilities of all channels for all occasions, but for the couriers' quotes.

        Parameters
        ----------
        occasions, households
            Who shops for what.
        terms
            One for each courier.
        constants
            float64 [C], utils.
        memory_h
            float64 [Z, C], remembered lateness by zone and channel, h.
        """
        tastes = tastes_of(self.customers, households, occasions)
        person = occasions.household
        n, channels = len(occasions), len(constants)
        value_usd, drive_h = np.zeros((n, channels)), np.zeros((n, channels))
        store, origin = np.empty((n, len(terms)), np.int64), np.empty((n, len(terms)), np.int64)
        home = households.home[person]
        lateness_usd = lateness_cost(self.customers, tastes.delay_usd_per_h, memory_h[households.zone[person]])
        for j, offer in enumerate(terms):
            found = offer.source.find(self, occasions, households)
            store[:, j], origin[:, j], drive_h[:, j] = found.store, found.origin, found.drive_h
            markup = np.where(self.stores.is_independent(found.store), offer.independents.markup, offer.markup)
            trip_usd = np.zeros(n)
            if found.visit_h is not None:
                visit_h = np.full(n, found.visit_h)
                trip_usd = self.own_trip_usd(home, found.origin, visit_h, occasions.arrive_s, tastes.away_usd_per_h)
            value_usd[:, j] = worth_of_delivery(
                self.customers, replace(offer, markup=markup), found, occasions.basket_usd, trip_usd, lateness_usd[:, j]
            )
            served = offer.audience.serves(occasions, households, tuple(self.customers.purposes))
            value_usd[~served, j] = -np.inf
        value_usd[:, len(terms) : -1] = self._worth_of_stores(occasions, home, tastes)
        value_usd[:, -1] = -tastes.need_usd
        value_usd += self.customers.inertia_usd * (households.last_channel[person][:, None] == np.arange(channels))
        return ChoiceSet(
            utility(constants, tastes.price_sensitivity, value_usd),
            tastes.price_sensitivity * tastes.delay_usd_per_h,
            drive_h,
            store,
            origin,
        )

    def own_trip_usd(self, home: Ints, place: Ints, visit_h: Floats, depart_s: Floats, usd_per_h: Floats) -> Floats:
        """Return the felt cost of driving to a store and back, with the toll, float64 [n], $; an hour costs so much."""
        hours, km = self.roads.drive_s(home, place, depart_s) / HOUR_S, self.roads.km(home, place)
        cost_usd = trip_cost(self.customers.trip, km, hours, visit_h, usd_per_h)
        return cost_usd + self.toll(home, place, km, depart_s)

    def _worth_of_stores(self, occasions: Occasions, home: Ints, tastes: Tastes) -> Floats:
        """Return what trips to the nearest mall and to the nearest big box are worth, float64 [n, 2], $."""
        trip, hours, at_s = self.customers.trip, self.retailers, occasions.arrive_s
        mall, box = self.nearest.mall_place[home], self.stores.place[self.nearest.big_box[None][home]]
        usd_per_h = tastes.away_usd_per_h + tastes.delay_usd_per_h
        mall_h = np.full(len(home), trip.mall_h)
        box_h = trip.big_box_h * time_by_basket(self.customers, occasions.basket_usd)
        in_mall = self.stores_of_mall[self.nearest.mall[home]].astype(np.float64)
        columns = [
            worth_of_trip(
                self.customers,
                assortment,
                self.own_trip_usd(home, place, visit_h, at_s, usd_per_h),
                opens_at(opening, at_s, 0.0) & has_it,
            )
            for place, visit_h, assortment, opening, has_it in (
                (mall, mall_h, in_mall, hours.mall, occasions.category < len(hours.categories)),
                (box, box_h, np.ones(len(home)), hours.big_box, np.ones(len(home), np.bool_)),
            )
        ]
        return np.column_stack(columns)


def tastes_of(settings: CustomerSettings, households: Households, occasions: Occasions) -> Tastes:
    """Return what the shoppers of occasions value; purposes are numbered as in the settings."""
    person, purposes = occasions.household, settings.purposes.values()
    felt = np.array([purpose.travel_time_weight for purpose in purposes])[occasions.purpose]
    need = np.array([purpose.need for purpose in purposes])[occasions.purpose]
    return Tastes(
        households.price_sensitivity[person],
        occasions.delay_usd_per_h,
        felt * households.travel_usd_per_h[person],
        need * occasions.basket_usd,
    )
