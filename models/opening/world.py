"""Opening: the world as it stands before the first day (model 5)."""

import mesa
import numpy as np

from galleria.agents.customers.channels import channel_names, choice_tree
from galleria.agents.customers.choice_set import Shopping
from galleria.agents.dispatch.kerb import Kerb
from galleria.agents.drivers.vehicles import Vehicles
from galleria.agents.kernel.arrays import Ints
from galleria.agents.kernel.journal import Journal
from galleria.agents.kernel.order import Orders
from galleria.models.city import City
from galleria.models.demand.draw import draw_households
from galleria.models.demand.expected import expected_orders, expected_rates, mean_way
from galleria.models.money.burden import Burden
from galleria.models.money.settlement import open_ledger
from galleria.models.opening.calibration import channel_constants
from galleria.models.opening.meals import meal_work, open_meals
from galleria.models.opening.stores_and_drivers import create_stores, nearest_stores, recruit_drivers
from galleria.models.regulation.enforcement import create_regulator
from galleria.models.settings.tree import Settings
from galleria.models.streams import Streams
from galleria.models.traffic.hourly import roads_of
from galleria.models.world import Channels, Clock, Memory, World


def open_world(model: mesa.Model, settings: Settings, city: City, replication: int) -> World:
    """Return a world before its first day; its couriers are created by `create_couriers`.

    Parameters
    ----------
    model
        The Mesa model to which regulator and couriers belong.
    settings, city, replication
        As for `galleria.models.market.Market`.

    Raises
    ------
    ValueError
        If a policy names a zone that the city does not have.
    """
    streams = Streams(settings.run.seed, replication)
    roads = roads_of(city, settings.traffic, settings.run.days + 3)
    regulator = create_regulator(model, settings, city)
    stores = create_stores(settings.retailers, city, settings.couriers, streams)
    nearest = nearest_stores(settings.retailers, city, stores)
    households = draw_households(settings.customers, city, round(city.places.households.sum()), streams)
    channels = _open_channels(settings, city)
    gig, active = _to_work_for(settings, channels.gig)
    drivers = recruit_drivers(settings.drivers, city, gig, active, streams)
    opens_with = [settings.opens_with(name) for name in settings.couriers]
    expected = expected_orders(settings, len(households), opens_with)
    orders, meals = Orders(0), open_meals(settings, city, streams)
    drivers.belief_usd_per_h[:] = expected_rates(
        settings, expected, mean_way(city, nearest), meal_work(settings, meals.restaurants, len(households), opens_with)
    )
    orders.journal = drivers.journal = Journal() if settings.run.record else None
    door_h, couriers = settings.drivers.door_min / 60, len(settings.couriers)
    return World(
        settings=settings,
        city=city,
        roads=roads,
        streams=streams,
        clock=Clock(),
        channels=channels,
        shopping=Shopping(
            settings.retailers,
            stores,
            nearest,
            roads,
            door_h,
            Vehicles.of(settings.drivers, roads).mixed,
            customers=settings.customers,
            toll=regulator.toll,
        ),
        households=households,
        drivers=drivers,
        orders=orders,
        meals=meals,
        couriers=[],
        regulator=regulator,
        ledger=open_ledger(settings, stores),
        memory=Memory(
            np.zeros((city.zones.n, len(channels.names))), [], [], Burden(2 * couriers if settings.meals else couriers)
        ),
    )


def _open_channels(settings: Settings, city: City) -> Channels:
    gig = [number for number, each in enumerate(settings.couriers.values()) if each.fulfilment == "gig"]
    return Channels(
        channel_names(tuple(settings.couriers)),
        choice_tree(settings.customers, settings.shipped),
        channel_constants(settings, city),
        np.array(gig, np.int64),
    )


def _to_work_for(settings: Settings, gig: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of the gig couriers that are there when the market opens, and of those that are active."""
    names = list(settings.couriers)
    there = gig[[names[k] not in settings.strategy.entry for k in gig.tolist()]]
    return there, there[[settings.couriers[names[k]].active for k in there.tolist()]]


def create_kerb(world: World) -> Kerb | None:
    """Return the slots at the kerbs of the malls, None where there is room for all."""
    slots = world.settings.retailers.kerb.slots
    return None if slots is None else Kerb(slots, np.array([mall.place for mall in world.city.malls]))
