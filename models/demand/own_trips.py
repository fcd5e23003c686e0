"""Own trips: who drove to a store today instead of having something brought (model 2.1, 7.2)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from galleria.agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.models.demand.day import ShoppingDay
from galleria.models.world import World


@dataclass(frozen=True)
class OwnTrips:
    """The day's trips of customers, one entry a trip, channel by channel.

    Attributes
    ----------
    channel, occasion
        int64 [m], number of the channel, and row of the day's occasion.
    home, place, store
        int64 [m], where the trip begins and goes to, and row of the retailer where the customer buys.
    there_km, back_km
        float64 [m], ways, km.
    depart_s
        float64 [m], s.
    """

    channel: NDArray[np.int64]
    occasion: Ints
    home: Ints
    place: Ints
    store: Ints
    there_km: Floats
    back_km: Floats
    depart_s: Floats

    def to(self, channel: int) -> slice:
        """Return the entries of a channel."""
        return slice(*self.channel.searchsorted([channel, channel + 1]).tolist())


def own_trips(world: World, today: ShoppingDay) -> OwnTrips:
    """Work out the own trips of a day on which everybody has chosen."""
    occasions, choices, channels = today.occasions, today.choices, world.channels
    collected = [each.number for each in world.couriers if each.settings.collected_by_customer]
    mall, big_box = channels.number(STORE_MALL), channels.number(STORE_BIG_BOX)
    occasion = np.flatnonzero(np.isin(occasions.choice, [*collected, mall, big_box]))
    occasion = occasion[np.argsort(occasions.choice[occasion], kind="stable")]
    channel = occasions.choice[occasion].astype(np.int64)
    home = world.households.home[occasions.household[occasion]]
    nearest, store = world.shopping.nearest, np.empty(len(home), np.int64)
    by_courier, to_mall, to_box = channel < len(world.couriers), channel == mall, channel == big_box
    store[by_courier] = choices.store[occasion[by_courier], channel[by_courier]]
    everybody = world.households.home[occasions.household]
    store[to_mall] = world.shopping.store_visited(occasions, everybody)[occasion[to_mall]]
    store[to_box] = nearest.big_box[None][home[to_box]]
    place = np.where(to_mall, nearest.mall_place[home], world.stores.place[store])
    there_km, back_km = world.roads.km(home, place), world.roads.km(place, home)
    return OwnTrips(channel, occasion, home, place, store, there_km, back_km, occasions.arrive_s[occasion])
