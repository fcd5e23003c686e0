"""Recording: what is kept of the day that closes."""

import numpy as np

from galleria.agents.customers.channels import MALL_DIRECT, STORE_MALL
from galleria.agents.customers.households import Occasions
from galleria.agents.customers.utility import expected_misjudgement_usd, expected_surplus_usd
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.retailers.retailer import BIG_BOX, other_store
from galleria.models.demand.day import ShoppingDay
from galleria.models.demand.own_trips import OwnTrips
from galleria.models.world import DayRecord, World


def record_day(world: World, today: ShoppingDay, trips: OwnTrips, opt_in_share: float) -> DayRecord:
    """Keep what is needed of the day that closes."""
    occasions, households = today.occasions, world.households
    person = occasions.household
    alpha = households.price_sensitivity[person]
    couriers, channels = len(world.couriers), len(world.channels.names)
    could = np.isfinite(today.choices.utility[:, :couriers])
    refused = could & ~np.isfinite(occasions.utility[:, :couriers])
    second = second_channel(occasions)
    pair = occasions.choice.astype(np.int64) * channels + second
    cannibalised, unplanned_margin_usd = _lost_visits(world, today, second)
    trip_km = np.zeros(len(occasions))
    trip_km[trips.occasion] = trips.there_km + trips.back_km
    return DayRecord(
        day=world.clock.day,
        hour=(occasions.arrive_s % DAY_S // HOUR_S).astype(np.int8),
        zone=households.zone[person],
        choice=occasions.choice.copy(),
        surplus_usd=_surplus(world, today, alpha),
        meal_gain_usd=world.meals.gain_usd,
        trip_km=trip_km,
        bought_usd=np.bincount(occasions.choice, occasions.basket_usd, minlength=channels),
        within_reach=could.sum(axis=0),
        refused=refused.sum(axis=0),
        diverted=np.bincount(pair, minlength=channels**2).reshape(channels, channels),
        cannibalised=cannibalised,
        unplanned_margin_usd=unplanned_margin_usd,
        opt_in_share=opt_in_share,
        unrecovered=world.memory.burden.beyond.reshape(-1, couriers).any(axis=0),
        gig_co2_kg_per_km=world.regulator.emission(world.settings.traffic.car_co2_kg_per_km, "gig"),
        van_co2_kg_per_km=world.regulator.emission(world.settings.traffic.van_co2_kg_per_km, "van"),
    )


def _surplus(world: World, today: ShoppingDay, alpha: Floats) -> Floats:
    """Return the surplus that shoppers may expect, float64 [n], $; to be ranked first makes a channel worth no more."""
    utility, nests = today.occasions.utility, world.channels.nests
    surplus_usd = expected_surplus_usd(utility, nests, alpha) + today.routed_usd
    attention_usd = np.array([offer.appeal.attention_usd for offer in today.terms])
    if attention_usd.any():
        surplus_usd = surplus_usd - expected_misjudgement_usd(utility, nests, attention_usd)
    return surplus_usd


def second_channel(occasions: Occasions) -> Ints:
    """Return what each would have chosen without the channel that was chosen, int64 [n]."""
    taste = occasions.utility + occasions.noise
    taste[np.arange(len(occasions)), occasions.choice] = -np.inf
    return np.asarray(taste.argmax(axis=1))


def _lost_visits(world: World, today: ShoppingDay, second: Ints) -> tuple[int, float]:
    """Follow those who chose mall-direct and would else have come to the mall, see `DayRecord`."""
    if MALL_DIRECT not in world.settings.couriers:
        return 0, 0.0
    occasions, number = today.occasions, world.channels.number(MALL_DIRECT)
    stays = np.flatnonzero((occasions.choice == number) & (second == world.channels.number(STORE_MALL)))
    home = world.households.home[occasions.household]
    would_visit = world.shopping.store_visited(occasions, home)[stays]
    sells = today.choices.store[stays, number]
    neighbour = other_store(world.stores, would_visit, occasions.source_pick[stays])
    unplanned_usd = world.settings.retailers.unplanned_share * occasions.basket_usd[stays]
    in_mall = world.stores.mall[sells] != BIG_BOX
    return int((in_mall & (sells == would_visit)).sum()), float(unplanned_usd @ world.stores.margin[neighbour])
