"""Joining: where stores start on mall-direct, and what one store's joining changes for it and its neighbours."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from galleria.agents.customers.terms import for_some
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.regulator.policy import Subsidy
from galleria.agents.retailers.retailer import BIG_BOX, Retailers
from galleria.models.demand.day import ShoppingDay
from galleria.models.strategy.adoption import Adoption, best_shares, equilibrium_shares
from galleria.models.strategy.case import Sample
from galleria.models.strategy.trade import Trade
from galleria.models.supply.membership import Membership
from galleria.models.supply.terms import TermsDesk
from galleria.models.world import World


class Flips(NamedTuple):
    """Paired flips of single stores, on mall-direct and off it with all else as it is, float64 [k] each, $/day.

    Attributes
    ----------
    gain_usd
        What being on it brings the store.
    loss_usd
        What the store's being on it takes from all other mall stores.
    """

    gain_usd: Floats
    loss_usd: Floats


def flip(trade: Trade, wanted: Bools, stores: Ints, courier: int, allowed: Callable[[Bools], Bools]) -> Flips:
    """Put each of some stores on a courier's app and take it off, and compare what all mall stores earn.

    Parameters
    ----------
    trade
        Expects what stores earn.
    wanted
        bool [R, J], where stores are as it is.
    stores
        int [k], rows of those that are flipped, one at a time.
    courier
        Number of the courier.
    allowed
        Where stores are listed by where they want to be.
    """
    as_it_is = trade.earned(allowed(wanted)).profit_usd
    gain_usd, loss_usd = np.empty(len(stores)), np.empty(len(stores))
    for k, store in enumerate(stores.tolist()):
        other = wanted.copy()
        other[store, courier] = not wanted[store, courier]
        change = trade.earned(allowed(other)).profit_usd - as_it_is
        change = -change if wanted[store, courier] else change
        gain_usd[k], loss_usd[k] = change[store], change[store] - change.sum()
    return Flips(gain_usd, loss_usd)


def spread(stores: Retailers, courier: int, number: int) -> Ints:
    """Choose so many mall stores, evenly from the first to join a courier to the last, int64 [number]."""
    in_mall = np.flatnonzero((stores.mall != BIG_BOX) & ~stores.removed)
    in_order = in_mall[np.argsort(stores.priority[in_mall, courier], kind="stable")]
    number = min(number, len(in_order))
    return in_order[((np.arange(number) + 0.5) / max(1, number) * len(in_order)).astype(np.int64)]


class Joining:
    """Decides where stores start on mall-direct, and works out what joining brings at the end.

    Parameters
    ----------
    world
        Whose stores join.
    membership
        Who is on which app.
    terms
        What couriers offer today.
    subsidy
        What stores get for being on mall-direct as the market opens.

    Attributes
    ----------
    adoption
        Shares at which nobody would join or leave, where they were asked for.
    flips
        Of the stores of `retailers.opt_in.flipped_stores`, with the last day's shoppers; empty before.
    """

    def __init__(self, world: World, membership: Membership, terms: TermsDesk, subsidy: Subsidy) -> None:
        self.world, self.membership = world, membership
        self.adoption, self.flips = Adoption(float("nan"), float("nan")), Flips(np.zeros(0), np.zeros(0))
        settings = world.settings.retailers.opt_in
        if settings.mode in {"equilibrium", "landlord"}:
            self.adoption = equilibrium_shares(world, membership, terms, subsidy)
        if settings.mode == "equilibrium":
            membership.join(self.adoption.up if settings.equilibrium_from == "none" else self.adoption.down)
        elif settings.mode == "landlord":
            membership.join(best_shares(world, membership, terms, subsidy))

    def close_day(self, day: int, today: ShoppingDay, subsidy: Subsidy) -> None:
        """Work out the flips when the last day closes, before anybody remembers it."""
        world, courier = self.world, self.membership.mall_direct
        number = world.settings.retailers.opt_in.flipped_stores
        if day + 1 < world.settings.run.days or courier is None or not self.membership.is_open or number == 0:
            return
        trade = self._trade_of(today, courier, subsidy)
        stores = spread(world.stores, courier, number)
        self.flips = flip(trade, world.stores.wanted, stores, courier, self.membership.allowed)

    def _trade_of(self, today: ShoppingDay, courier: int, subsidy: Subsidy) -> Trade:
        """Return the day's trade with those whom flips concern: who is within mall-direct's reach."""
        world, exclusive = self.world, self.world.settings.retailers.opt_in.exclusive
        source = world.couriers[courier].settings.source(~world.stores.removed, world.city.warehouses[0].place)
        reached = source.find(world.shopping, today.occasions, world.households).available | exclusive
        terms = [for_some(offer, reached) for offer in today.terms]
        shoppers = Sample(world.households, today.occasions.only(reached))
        vary = world.channels.gig if exclusive else np.array([courier])
        return Trade(world, shoppers, terms, today.quote_h[reached], vary=vary, subsidy=subsidy, per_day=1.0)
