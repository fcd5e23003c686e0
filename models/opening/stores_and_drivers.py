"""Initialisation: the stores, the drivers and what they believe before the first day (model 5)."""

import numpy as np

from galleria.agents.couriers.settings import AnyCourierSettings
from galleria.agents.customers.store_map import Nearest
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.turnover import wages
from galleria.agents.drivers.vehicles import draw_vehicles
from galleria.agents.kernel.arrays import Bools, Ints
from galleria.agents.retailers.retailer import BIG_BOX, Retailers, order_by_category
from galleria.agents.retailers.settings import RetailerSettings
from galleria.models.city import City
from galleria.models.streams import Stream, Streams

type Couriers = dict[str, AnyCourierSettings]


def create_stores(settings: RetailerSettings, city: City, couriers: Couriers, streams: Streams) -> Retailers:
    """Found the stores of all malls and the big boxes.

    Categories fill a mall's stores in the proportions of the settings, by largest remainder; which store has which,
    and who joins first, in each category or in all, is drawn from the stream RETAILER.
    """
    per_mall = settings.mall.stores
    stores = Retailers(per_mall * len(city.malls) + len(city.big_boxes), courier=len(couriers))
    share = np.array(list(settings.categories.values()))
    counts = np.floor(share * per_mall).astype(np.int64)
    by_remainder = np.argsort(-(share * per_mall - counts), kind="stable")
    counts[by_remainder[: per_mall - counts.sum()]] += 1
    generator = streams.generator(Stream.RETAILER)
    for number, mall in enumerate(city.malls):
        rows = slice(number * per_mall, (number + 1) * per_mall)
        stores.mall[rows] = number
        stores.place[rows] = mall.place
        stores.category[rows] = generator.permutation(np.repeat(np.arange(len(share)), counts))
    boxes = slice(per_mall * len(city.malls), None)
    stores.mall[boxes] = BIG_BOX
    stores.category[boxes] = -1
    stores.place[boxes] = [box.place for box in city.big_boxes]
    stores.chain[:] = -1
    stores.chain[boxes] = np.arange(len(city.big_boxes)) % len(settings.big_box.chains)
    lot = streams.generator(Stream.RETAILER, "independent").random(len(stores))
    stores.independent[:] = (stores.mall != BIG_BOX) & (lot < settings.mall.independent_share)
    stores.margin[:] = settings.margin.mall
    stores.margin[boxes] = settings.margin.big_box
    returned = np.array([settings.returns.rate[name] for name in settings.categories])
    stores.return_rate[:] = np.where(stores.mall == BIG_BOX, settings.mean_return_rate, returned[stores.category])
    for number, name in enumerate(couriers):
        stores.priority[:, number] = uniform = streams.generator(Stream.RETAILER, name).random(len(stores))
        if settings.join_order == "by_category":
            stores.priority[:, number] = order_by_category(stores.mall, stores.category, uniform)
    stores.hire(settings)
    return stores


def nearest_stores(settings: RetailerSettings, city: City, stores: Retailers) -> Nearest:
    """Find the mall and the big box, of any and of each chain, nearest to each place by free-flow time."""
    everywhere = np.arange(city.places.n)
    mall_place = np.array([mall.place for mall in city.malls])
    mall = city.time.at(everywhere[:, None], mall_place).argmin(axis=1)
    chains: dict[str | None, Bools] = {None: stores.mall == BIG_BOX}
    chains |= {name: stores.chain == number for number, name in enumerate(settings.big_box.chains)}
    big_box: dict[str | None, Ints] = {}
    for chain, members in chains.items():
        boxes = np.flatnonzero(members if members.any() else chains[None])
        big_box[chain] = boxes[city.time.at(everywhere[:, None], stores.place[boxes]).argmin(axis=1)]
    return Nearest(mall, mall_place[mall], big_box)


def recruit_drivers(settings: DriverSettings, city: City, gig: Ints, active: Ints, streams: Streams) -> Drivers:
    """Recruit the pool: homes like the households', reservation wages, apps.

    Parameters
    ----------
    settings
        Size and distributions.
    city
        Its places' households are the weights of homes.
    gig, active
        Numbers of the gig couriers, and of those that are active, the only ones one can work for. Who would work for
        one that is not takes another of those that are; nobody else changes.
    streams
        Streams DRIVER and RESERVATION are read, driver by driver: a larger pool keeps the smaller one's people.
    """
    drivers = Drivers(settings.pool, settings.leave_after_weeks)
    uniform = streams.generator(Stream.DRIVER).random((settings.pool, 4))
    normal = streams.generator(Stream.RESERVATION).standard_normal((settings.pool, 25))
    cumulated = np.cumsum(city.places.households)
    drivers.home[:] = np.searchsorted(cumulated, uniform[:, 0] * cumulated[-1], side="right")
    drivers.place[:] = drivers.home
    drivers.offset_s[:] = uniform[:, 1] * 3600
    if len(active):
        nth, rest = np.divmod(uniform[:, 3] * len(gig), 1)
        first, other = gig[nth.astype(np.int64)], active[(rest * len(active)).astype(np.int64)]
        single = np.left_shift(1, np.where(np.isin(first, active), first, other))
        everyone = np.left_shift(1, active).sum()
        drivers.apps[:] = np.where(uniform[:, 2] < settings.multi_homing_share, everyone, single)
    if settings.vehicles:
        drivers.vehicle[:] = draw_vehicles(settings, streams.generator(Stream.DRIVER, "vehicles").random(settings.pool))
    drivers.reservation_usd_per_h[:], drivers.hourly_taste[:] = wages(settings, normal)
    return drivers
