"""Trade: what mall stores are expected to earn from some shoppers, whichever stores are on an app (model 7.14).

Choice probabilities take the place of choices, so that what one store's listing changes is not lost in the noise of who
happened to come. Quotes stay as they are; what stores have run out of, orders that are cancelled for want of drivers,
surcharges of the moment and brokers are left out.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from galleria.agents.customers.channels import MALL_DIRECT, STORE_MALL
from galleria.agents.customers.choice import probabilities
from galleria.agents.customers.sourcing import NOBODY, Found, Source
from galleria.agents.customers.terms import Terms
from galleria.agents.customers.utility import variety
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.regulator.policy import Subsidy
from galleria.agents.retailers.retailer import BIG_BOX, other_store
from galleria.models.strategy.case import Sample
from galleria.models.world import World


class Earned(NamedTuple):
    """What mall stores earn, and what they pay in rent, float64 [R] each, $/day; 0 for big boxes."""

    profit_usd: Floats
    rent_usd: Floats


class _Offered(NamedTuple):
    """What a courier offers if some stores are on its app: utility, float64 [n], and stores, int64 [n]."""

    utility: Floats
    store: Ints


class Trade:
    """Expects the trade of mall stores.

    Parameters
    ----------
    world
        Whose stores, channels and memories these are.
    shoppers
        On whom trade is expected.
    terms
        What each courier offers them.
    quote_h
        float64 [C] or [n, C], what couriers quote them, 0 for other channels, h.
    vary
        Numbers of the gig couriers whose stores may be others than now.
    subsidy
        What stores get for being on mall-direct.
    per_day
        How many occasions of a day each shopper stands for.
    """

    def __init__(
        self,
        world: World,
        shoppers: Sample,
        terms: list[Terms],
        quote_h: Floats,
        *,
        vary: Ints,
        subsidy: Subsidy,
        per_day: float,
    ) -> None:
        self.world, self.shoppers, self.terms, self.subsidy, self.per_day = world, shoppers, terms, subsidy, per_day
        shopping, occasions, households = world.shopping, shoppers.occasions, shoppers.households
        everywhere = ~world.stores.removed
        offers = [
            replace(offer, source=self._source(number, everywhere)) if number in vary else offer
            for number, offer in enumerate(terms)
        ]
        choices = shopping.choice_set(occasions, households, offers, world.channels.constants, world.memory.lateness_h)
        self._utility = choices.quoted(slice(None), quote_h, world.settings.customers.quote_cap_h)
        self._store = choices.store
        self._most = {number: self._find(number, everywhere).assortment for number in vary.tolist()}
        self._known: dict[tuple[int, bytes], _Offered] = {}
        home = households.home[occasions.household]
        self._visited = shopping.store_visited(occasions, home)
        self._neighbour = other_store(world.stores, self._visited, occasions.source_pick)

    def orders(self, listed: Bools) -> Floats:
        """Return the occasions of each channel if these stores are on couriers' apps, float64 [C], 1/day."""
        return np.asarray(self._expected(listed)[0].sum(axis=0))

    def _expected(self, listed: Bools) -> tuple[Floats, Ints]:
        """Return how many occasions of each shopper and channel are expected, [n, C], and at which stores, [n, J]."""
        utility, store = self._utility.copy(), self._store.copy()
        for number in self._most:
            utility[:, number], store[:, number] = self._offered(number, listed[:, number])
        return self.per_day * probabilities(utility, self.world.channels.nests), store

    def earned(self, listed: Bools) -> Earned:
        """Return what mall stores earn if these are on couriers' apps, bool [R, J], net of what apps cost them."""
        channels, stores = self.world.channels, self.world.stores
        chance, store = self._expected(listed)
        profit_usd, rent_usd = self._from_visits(chance[:, channels.number(STORE_MALL)])
        apps = listed.sum(axis=1)
        for number in range(len(self.terms)):
            of_mall = (store[:, number] != NOBODY) & (stores.mall[store[:, number]] != BIG_BOX)
            if of_mall.any():
                sold = np.flatnonzero(of_mall)
                profit, rent = self._from_orders(number, sold, store[sold, number], apps)
                profit_usd += np.bincount(store[sold, number], chance[sold, number] * profit, len(stores))
                rent_usd += np.bincount(store[sold, number], chance[sold, number] * rent, len(stores))
        return Earned(profit_usd - self._of_apps(listed), rent_usd)

    def _offered(self, number: int, listed: Bools) -> _Offered:
        """Work out a courier's column for stores on its app: as with all there are, less the variety missing."""
        key = number, listed.tobytes()
        if key not in self._known:
            found, customers = self._find(number, listed), self.world.settings.customers
            alpha = self.shoppers.households.price_sensitivity[self.shoppers.occasions.household]
            gain_usd = variety(customers, found.assortment) - variety(customers, self._most[number])
            utility = np.where(found.available, self._utility[:, number] + alpha * gain_usd, -np.inf)
            self._known[key] = _Offered(utility, found.store)
        return self._known[key]

    def _find(self, number: int, listed: Bools) -> Found:
        return self._source(number, listed).find(self.world.shopping, self.shoppers.occasions, self.shoppers.households)

    def _source(self, number: int, listed: Bools) -> Source:
        return self.world.couriers[number].settings.source(listed, self.world.city.warehouses[0].place)

    def _from_visits(self, chance: Floats) -> tuple[Floats, Floats]:
        """Return profit and rent of what visitors of malls buy, planned and not, float64 [R] each."""
        retailers, stores = self.world.settings.retailers, self.world.stores
        spent = np.zeros(len(stores))
        for store, share in ((self._visited, 1.0), (self._neighbour, retailers.unplanned_share)):
            spent += np.bincount(store, share * chance * self.shoppers.occasions.basket_usd, len(stores))
        rent = retailers.rent_share_of_walk_in
        return (stores.margin - rent) * spent, rent * spent

    def _from_orders(self, number: int, sold: Ints, store: Ints, apps: Ints) -> tuple[Floats, Floats]:
        """Return profit and rent of one order of some shoppers at these stores, float64 [m] each.

        Parameters
        ----------
        number
            Of the courier.
        sold, store
            int64 [m], rows of shoppers, and of the stores they would buy from.
        apps
            int64 [R], apps that stores are on.
        """
        retailers, stores, offer = self.world.settings.retailers, self.world.stores, self.terms[number]
        basket_usd, stock = self.shoppers.occasions.basket_usd[sold], retailers.stock
        rent = retailers.rent_share_of_delivered
        markup = np.where(stores.independent, offer.independents.markup, offer.markup)
        commission = np.where(stores.independent, offer.independents.commission, offer.commission)
        kept = stores.margin - retailers.returns.loss_share * stores.return_rate + markup - commission - rent
        is_direct = self.world.channels.names[number] == MALL_DIRECT
        kept_usd = kept[store] * basket_usd - offer.commission_usd + self.subsidy.usd_per_order * is_direct
        if not offer.source.packs_on_order:
            return kept_usd, rent * basket_usd
        missing = stock.record_error + stock.record_error_per_further_courier * np.maximum(apps - 1, 0)
        found = 1 - np.minimum(1.0, missing)[store]
        return found * kept_usd - retailers.picking_cost_usd, found * rent * basket_usd

    def _of_apps(self, listed: Bools) -> Floats:
        """Return what being on apps costs stores, less the subsidy for being on mall-direct, float64 [R], $/day."""
        retailers, channels = self.world.settings.retailers, self.world.channels
        apps = listed[:, channels.gig].sum(axis=1)
        per_week = apps * retailers.app_usd_per_week + (apps > 0) * retailers.setup_usd_per_week
        if MALL_DIRECT in channels.names:
            per_week = per_week - self.subsidy.usd_per_week * listed[:, channels.number(MALL_DIRECT)]
        return np.where(self.world.stores.mall == BIG_BOX, 0.0, per_week / DAYS_PER_WEEK)
