"""Adoption: the shares of mall stores at which nobody wants to join or leave mall-direct, and landlords' best.

Demand for mall-direct is worked out on the calibration sample for a grid of shares, and shared evenly by the stores on
it (mean field). Stores join as long as the next one gains, starting from none (up), or leave as long as the last one
loses, starting from all (down); where the two differ, history decides. A landlord looks at all stores of the mall at
once, and so at what they take from each other (model 7.14).
"""

from typing import NamedTuple

import numpy as np

from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.regulator.policy import Subsidy
from galleria.agents.retailers.opt_in import expected_gain
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.settings.strategy import FixedFeesSettings
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.trade import Trade
from galleria.models.supply.membership import Membership
from galleria.models.supply.terms import TermsDesk
from galleria.models.world import World


class Adoption(NamedTuple):
    """Shares of the mall stores in equilibrium.

    Attributes
    ----------
    up, down
        Reached from no store and from all stores.
    """

    up: float
    down: float


def equilibrium_shares(world: World, membership: Membership, terms: TermsDesk, subsidy: Subsidy) -> Adoption:
    """Find both equilibria for a market as it opens.

    Parameters
    ----------
    world
        With mall-direct among its couriers.
    membership
        What joining means for a store.
    terms
        What couriers offer today.
    subsidy
        What stores get for being on mall-direct.
    """
    stores, settings, number = world.stores, world.settings.retailers, membership.mall_direct
    if number is None:
        return Adoption(float("nan"), float("nan"))
    total = int((stores.mall != BIG_BOX).sum())
    trade, grid = _sample_trade(world, terms, subsidy), np.linspace(0.0, 1.0, settings.opt_in.equilibrium_grid)
    orders = [DAYS_PER_WEEK * trade.orders(_listed(world, membership, share))[number] for share in grid.tolist()]
    offered = terms.of(world.couriers[number], np.zeros(1), np.zeros(1, np.int64), np.zeros(1, np.bool_))
    offer = membership.offer(offered, subsidy)
    others = stores.listed[stores.mall != BIG_BOX].sum(axis=1) - stores.listed[stores.mall != BIG_BOX, number]
    joined = np.arange(1, total + 1)
    each = np.interp(joined / total, grid, orders) / joined
    margin, returned = np.full(total, settings.margin.mall), np.full(total, settings.mean_return_rate)
    others = np.full(total, round(float(np.median(others))))
    gain = expected_gain(each, margin, returned, others, offer, settings)
    gain = gain + settings.opt_in.peer_usd_per_week * (joined - 1) / total
    wants = gain >= 0
    up = total if wants.all() else int(wants.argmin())
    down = int(joined[wants].max()) if wants.any() else 0
    return Adoption(up / total, down / total)


def best_shares(world: World, membership: Membership, terms: TermsDesk, subsidy: Subsidy) -> Floats:
    """Find for each mall the share of its stores on mall-direct that its landlord wants, float64 [malls].

    Of a grid of shares, at all of which stores join in their order, the one with the greatest sum of the profits of the
    mall's stores and the rent on their sales, with the shoppers of the calibration sample and today's quotes; the
    smallest of several. Malls do not compete for shoppers, who know the nearest one, so each decides by itself.

    Parameters
    ----------
    world, membership, terms, subsidy
        As for `equilibrium_shares`; without mall-direct nobody is on it.
    """
    stores, number = world.stores, membership.mall_direct
    in_mall = stores.mall != BIG_BOX
    grid = np.linspace(0.0, 1.0, world.settings.retailers.opt_in.equilibrium_grid)
    if number is None or not membership.is_open:
        return np.zeros(len(world.city.malls))
    trade = _sample_trade(world, terms, subsidy)
    sums_usd = np.empty((len(grid), len(world.city.malls)))
    for k, share in enumerate(grid.tolist()):
        together = np.add(*trade.earned(_listed(world, membership, share)))
        sums_usd[k] = np.bincount(stores.mall[in_mall], together[in_mall])
    return np.asarray(grid[sums_usd.argmax(axis=0)])


def _listed(world: World, membership: Membership, share: float) -> Bools:
    """Return who would be listed where if a share of the mall stores wanted to be on mall-direct, bool [R, J]."""
    wanted = world.stores.wanted.copy()
    if membership.mall_direct is not None:
        wanted[:, membership.mall_direct] = membership.joined(membership.mall_direct, share)
    return membership.allowed(wanted)


def _sample_trade(world: World, terms: TermsDesk, subsidy: Subsidy) -> Trade:
    """Return the trade of a day with the shoppers of the calibration sample, at today's terms and quotes."""
    desk = Desk(world, terms, FixedFeesSettings(rule="fixed"))
    case = desk.today()
    quote_h = np.zeros_like(case.choices.utility)
    quote_h[:, : len(case.quote_h)] = case.quote_h
    for number, promised_h in enumerate(case.promised_h):
        if promised_h is not None:
            quote_h[:, number] = promised_h - case.choices.drive_h[:, number]
    per_day = desk.occasions_per_day / len(desk.sample.occasions)
    return Trade(world, desk.sample, case.terms, quote_h, vary=world.channels.gig, subsidy=subsidy, per_day=per_day)
