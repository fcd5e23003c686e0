"""Terms: what couriers offer customers and stores today, after policies (model 7.6, 8)."""

from dataclasses import replace

import numpy as np

from galleria.agents.couriers.courier import Courier
from galleria.agents.couriers.fee_schedule import Buyers
from galleria.agents.couriers.tips import tip_in_force
from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.terms import Cut, Terms, price_usd
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.retailers.app_prices import app_markup
from galleria.models.supply.membership import Membership
from galleria.models.world import World


def tip_today(world: World, courier: Courier, tip_usd: float) -> float:
    """Return the mean tip after policies where that observed is known, $, by how the courier asks for it."""
    settings, left_after = courier.settings, world.settings.customers.tip_left_after_checkout
    asks_before = world.regulator.asks_before(settings.asks_before)
    return tip_in_force(tip_usd, settings.observed_asks_before, asks_before, left_after)


class TermsDesk:
    """Writes the terms of couriers.

    Parameters
    ----------
    world
        Whose couriers offer.
    membership
        Where it is agreed what a store pays for being on mall-direct alone.
    """

    def __init__(self, world: World, membership: Membership) -> None:
        self.world, self.membership = world, membership

    def of(self, courier: Courier, basket_usd: Floats, home: Ints, member: Bools) -> Terms:
        """Return a courier's terms for baskets, float64 [n], to homes, int [n], of members, bool [n], and others."""
        world, settings, regulator = self.world, courier.settings, self.world.regulator
        asked = self.membership.commission(courier.name, settings.commission)
        commission = regulator.commission(asked, settings.fulfilment)
        tax_usd = regulator.tax(basket_usd, home, settings.fulfilment)
        of_independents = regulator.commission_of_independents(asked, settings.fulfilment)
        weight = self._weights(settings.weight_of_independents, asked, (commission, of_independents))
        source = settings.source(world.stores.listed[:, courier.number], world.city.warehouses[0].place, weight)
        terms = settings.post_terms(commission, tax_usd, source, Buyers(basket_usd, member))
        terms = replace(terms, fee_usd=courier.posted.fee_usd)
        added_usd = terms.added_fee_usd + regulator.added_fee(price_usd(terms), home, settings.fulfilment)
        if regulator.passed_on > 0:
            added_usd = added_usd + world.memory.burden.added_usd[courier.number]
        then, pass_through = settings.observed.commission, world.settings.retailers.price_pass_through
        return replace(
            terms,
            active=courier.posted.active,
            service_rate=courier.posted.service_rate,
            tip_usd=tip_today(world, courier, terms.tip_usd),
            markup=app_markup(settings.markup, commission - then, pass_through),
            independents=Cut(of_independents, app_markup(settings.markup, of_independents - then, pass_through)),
            added_fee_usd=added_usd,
            credit_usd=courier.posted.promise.credit_usd,
        )

    def _weights(self, of_independents: float, asked: float, in_force: tuple[float, float]) -> Floats | None:
        """Return how often mall stores are shown beside each other, float64 [R], the most as 1; None for all alike.

        Parameters
        ----------
        of_independents
            Weight of those that belong to no chain, beside those that do, in the courier's own choice.
        asked, in_force
            Commission before policies, and after them of chains and of others: whom they cap may be shown less.
        """
        demoted = self.world.regulator.weight_of_capped
        chain, independent = (demoted if commission < asked else 1.0 for commission in in_force)
        independent *= of_independents
        if chain == independent:
            return None
        return np.where(self.world.stores.independent, independent, chain) / max(chain, independent)

    def of_all(self, occasions: Occasions, households: Households) -> list[Terms]:
        """Return the terms of all couriers for some occasions."""
        person, basket_usd = occasions.household, occasions.basket_usd
        home, member = households.home[person], households.member[person]
        return [self.of(courier, basket_usd, home, member) for courier in self.world.couriers]
