"""Founding: couriers, each with the fleet that brings its parcels to the door, and where idle drivers go."""

import mesa
import numpy as np

from galleria.agents.couriers.courier import Courier
from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.posted import Posted
from galleria.agents.couriers.settings import GigCourierSettings, PickupCourierSettings, VanCourierSettings
from galleria.agents.dispatch.kerb import Kerb
from galleria.agents.drivers.relocation import Relocation, Sites
from galleria.agents.fleets.commons import Commons, NoiseKeys
from galleria.agents.fleets.gig import GigFleet
from galleria.agents.fleets.pickup import PickupCounter
from galleria.agents.fleets.pooled import PooledFleet
from galleria.agents.fleets.vans import Depot, VanFleet
from galleria.models.opening.meals import create_meal_fleets
from galleria.models.streams import Stream
from galleria.models.world import World


def open_relocation(world: World) -> Relocation | None:
    """Let idle drivers go to other zones, where that is switched on or a policy brings it."""
    settings = world.settings.drivers
    if settings.relocation.theta_per_usd is None and not world.regulator.may_relocate:
        return None
    return Relocation(
        settings,
        relocation_theta(world),
        world.drivers,
        (world.orders, world.meals.orders),
        world.roads,
        Sites(world.city.places.zone, np.concatenate([world.stores.place, world.meals.restaurants.place])),
        world.settings.dispatch.requote_s,
        world.streams.key(Stream.DRIVER, "relocation"),
    )


def relocation_theta(world: World) -> float:
    """Return how strongly idle drivers go to other zones today, after policies, 1/$."""
    return world.regulator.relocation(world.settings.drivers.relocation.theta_per_usd or 0.0)


def create_couriers(model: mesa.Model, world: World, kerb: Kerb | None) -> list[Courier]:
    """Make the couriers with their fleets, in the order of the config."""
    settings = world.settings
    commons = Commons(
        world.orders,
        world.drivers,
        world.roads,
        kerb,
        world.regulator,
        settings.dispatch,
        settings.drivers,
        settings.retailers.handover_min * 60,
        NoiseKeys(world.streams.key(Stream.TIE_BREAK), world.streams.key(Stream.ACCEPT_NOISE)),
        world.city.zones.n,
    )
    homes = world.city.places.households
    depot_km = float(
        np.average(world.roads.km(np.array(world.city.warehouses[0].place), np.arange(len(homes))), weights=homes)
    )
    depot = Depot(world.city.warehouses[0].place, world.roads)
    posted = {name: Posted.at_first(each) for name, each in settings.couriers.items()}
    gig_fleets = {
        name: GigFleet(number, name, each, posted[name], commons)
        for number, (name, each) in enumerate(settings.couriers.items())
        if isinstance(each, GigCourierSettings) and name not in settings.strategy.pooled
    }
    couriers = []
    for number, (name, each) in enumerate(settings.couriers.items()):
        fleet: Fleet
        match each:  # the one place where a kind of settings becomes a fleet; all else asks the fleet
            case GigCourierSettings():
                pool = settings.strategy.pooled.get(name)
                fleet = gig_fleets[name] if pool is None else PooledFleet(gig_fleets[pool])
            case VanCourierSettings():
                fleet = VanFleet(each, world.orders, world.city.area_km2, depot_km, depot)
            case PickupCourierSettings():
                fleet = PickupCounter(each, world.orders, world.roads)
        couriers.append(Courier(model, number, name, each, posted[name], fleet))
    world.meals.fleets.update(create_meal_fleets(world, commons))
    return couriers
