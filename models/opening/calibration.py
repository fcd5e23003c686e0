"""Calibration: the channel constants at which a fixed sample of shoppers gives the observed shares (model 7.2).

The constants say what a channel is worth beside its price, time and assortment. They are inverted at the attributes
that were observed with the shares, never at those of the design point, so that they do not absorb a policy.
"""

import json
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from galleria.agents.couriers.fee_schedule import Buyers
from galleria.agents.customers.channels import channel_names, choice_tree
from galleria.agents.customers.choice import Nests, invert_shares
from galleria.agents.customers.choice_set import Shopping
from galleria.agents.drivers.vehicles import Vehicles
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.models.city import City
from galleria.models.demand.draw import draw_households, draw_occasions
from galleria.models.errors import UsageError
from galleria.models.opening.stores_and_drivers import create_stores, nearest_stores
from galleria.models.settings.tree import Settings
from galleria.models.streams import CALIBRATION, Streams
from galleria.models.traffic.hourly import roads_of


@dataclass(frozen=True)
class _Case:
    """A calibration to be done; two cases are equal if all that it reads is."""

    key: str
    settings: Settings = field(compare=False)
    city: City = field(compare=False)


def channel_constants(settings: Settings, city: City) -> Floats:
    """Invert the observed shares into channel constants.

    Parameters
    ----------
    settings
        Read are customers, retailers, traffic, the seed, the time at the door, drivers' vehicles, and of the couriers
        what was observed. A case that was solved before in this process is not solved again.
    city
        Where the sample lives.

    Returns
    -------
    float64 [C], utils, 0 for not buying.

    Raises
    ------
    ValueError
        If no constants give the shares.
    """
    set_later = {
        "firm",
        "active",
        "fee_usd",
        "fee_schedule",
        "service_rate",
        "markup",
        "commission",
        "listed_share",
        "pay",
        "quote_h",
    }
    set_later |= {"attention_usd", "promotion_usd", "mall_pickup_share", "service_radius_km", "tip_usd", "tip_prompt"}
    couriers = {name: each.model_dump(exclude=set_later) for name, each in settings.couriers.items()}
    parts = {
        "city": city.key,
        "seed": settings.run.seed,
        "customers": settings.customers.model_dump(),
        "retailers": settings.retailers.model_dump(exclude={"opt_in", "kerb", "price_pass_through"}),
        "couriers": couriers,
        "traffic": settings.traffic.speed_factor,
        "door_min": settings.drivers.door_min,
        "vehicles": {
            name: (each.share, each.time_factor, each.fastest_km_per_h)
            for name, each in settings.drivers.vehicles.items()
        },
    }
    return _solve(_Case(json.dumps(parts, sort_keys=True), settings, city))


@lru_cache(maxsize=16)
def _solve(case: _Case) -> Floats:
    settings, city = case.settings, case.city
    customers, couriers = settings.customers, settings.couriers
    streams = Streams(settings.run.seed, CALIBRATION)
    channels = channel_names(tuple(couriers))
    nests = choice_tree(customers, settings.shipped)
    stores = create_stores(settings.retailers, city, couriers, streams)
    roads = roads_of(city, settings.traffic, days=2)
    door_h = settings.drivers.door_min / 60
    nearest = nearest_stores(settings.retailers, city, stores)
    carried = Vehicles.of(settings.drivers, roads).mixed
    shopping = Shopping(settings.retailers, stores, nearest, roads, door_h, carried, customers=customers, toll=_free)

    size = customers.calibration.sample
    households = draw_households(customers, city, size, streams)
    occasions = draw_occasions(customers, settings.retailers, households, 0, streams, channels, nests, size)
    occasions.household[:] = np.arange(size)
    buyers = Buyers(occasions.basket_usd, households.member)
    terms = [
        each.observed_terms(stores, number, buyers, city.warehouses[0].place)
        for number, each in enumerate(couriers.values())
    ]
    nothing_remembered = np.zeros((city.zones.n, len(channels)))
    choices = shopping.choice_set(occasions, households, terms, np.zeros(len(channels)), nothing_remembered)
    quote_h = np.zeros(len(channels))
    quote_h[: len(couriers)] = [each.observed_quote_h for each in couriers.values()]
    utility = choices.quoted(slice(None), quote_h, customers.quote_cap_h)
    seen = np.array([name in customers.observed_share for name in channels])
    target = np.array([customers.observed_share[name] for name, known in zip(channels, seen, strict=True) if known])
    seen_nests = Nests(nests.of_channel[seen], nests.dissimilarity)
    constants = np.zeros(len(channels))
    try:
        constants[seen] = invert_shares(utility[:, seen], target, seen_nests, customers.calibration.tolerance)
    except ValueError as error:
        raise UsageError(f"customers.observed_share: {error}") from error
    for number, each in enumerate(couriers.values()):
        if each.constant_of is not None:
            constants[number] = constants[channels.index(each.constant_of)]
    return constants


def _free(home: Ints, store: Ints, km: Floats, depart_s: Floats) -> Floats:
    """Charge nothing for own trips: shares were observed without a toll."""
    del home, store, depart_s
    return np.zeros(len(km))
