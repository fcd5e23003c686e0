"""Founding: couriers, each with the fleet that brings its parcels to the door, and where idle drivers go."""

from typing import TYPE_CHECKING

import numpy as np

from agents.couriers.courier import Courier
from agents.couriers.settings import GigCourierSettings, VanCourierSettings
from agents.drivers.relocation import Relocation
from agents.fleets.commons import Commons, NoiseKeys
from agents.fleets.gig import GigFleet
from agents.fleets.pickup import PickupCounter
from agents.fleets.pooled import PooledFleet
from agents.fleets.vans import Depot, VanFleet
from models.streams import Stream

if TYPE_CHECKING:
    from agents.couriers.fleet import Fleet
    from models.market import Market


def open_relocation(market: "Market") -> Relocation | None:
    """Let idle drivers go to other zones, where that is switched on or a policy brings it."""
    settings = market.settings.drivers
    if settings.relocation.theta_per_usd is None and not market.regulator.may_relocate:
        return None
    return Relocation(
        settings.relocation,
        market.regulator.relocation(settings.relocation.theta_per_usd or 0.0),
        market.drivers,
        market.orders,
        market.roads,
        market.city.places.zone,
        market.stores.place,
        settings.cost_usd_per_km,
        market.settings.dispatch.requote_s,
        market.streams.key(Stream.DRIVER, "relocation"),
    )


def create_couriers(market: "Market") -> list[Courier]:
    """Make the couriers with their fleets, in the order of the config."""
    settings = market.settings
    commons = Commons(
        market.orders,
        market.drivers,
        market.roads,
        market.kerb,
        market.regulator,
        settings.dispatch,
        settings.drivers,
        settings.retailers.handover_min * 60,
        NoiseKeys(market.streams.key(Stream.TIE_BREAK), market.streams.key(Stream.ACCEPT_NOISE)),
        market.city.zones.n,
    )
    homes = market.city.places.households
    depot_km = float(np.average(market.roads.km(np.array(market.warehouse), np.arange(len(homes))), weights=homes))
    depot = Depot(market.warehouse, market.roads, market.city.places.x_km, market.city.places.y_km)
    gig_fleets = {
        name: GigFleet(number, name, each, commons)
        for number, (name, each) in enumerate(settings.couriers.items())
        if isinstance(each, GigCourierSettings) and name not in settings.strategy.pooled
    }
    couriers = []
    for number, (name, each) in enumerate(settings.couriers.items()):
        fleet: Fleet
        if isinstance(each, GigCourierSettings):
            pool = settings.strategy.pooled.get(name)
            fleet = gig_fleets[name] if pool is None else PooledFleet(gig_fleets[pool])
        elif isinstance(each, VanCourierSettings):
            fleet = VanFleet(each, market.orders, market.city.area_km2, depot_km, depot)
        else:
            fleet = PickupCounter(each, market.orders, market.roads)
        couriers.append(Courier(market, number, name, each, fleet))
    return couriers
