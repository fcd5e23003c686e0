"""Terms of meals: what customers and restaurants pay for one today, after policies (model 7.6, 8)."""

from dataclasses import dataclass

import numpy as np

from galleria.agents.couriers.meals import MealSettings
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.retailers.app_prices import app_markup
from galleria.models.supply.terms import tip_today
from galleria.models.world.world import World


@dataclass(frozen=True)
class MealTerms:
    """Terms of n meals with J couriers.

    Attributes
    ----------
    fee_usd
        float64 [n, J].
    tax_usd
        float64 [n].
    tip_usd
        float64 [J].
    markup, commission
        Of the basket.
    dearer_usd
        float64 [n, J], by how much more than at the reference a meal costs, all in, $.
    """

    fee_usd: Floats
    tax_usd: Floats
    tip_usd: Floats
    markup: float
    commission: float
    dearer_usd: Floats


def meal_terms(world: World, settings: MealSettings, tip_usd: Floats, basket_usd: Floats, home: Ints) -> MealTerms:
    """Return the terms of meals today.

    Restaurants pass a change of the commission on to their prices on the app in part, as stores do; laws on the fees,
    commissions and taxes of gig couriers hold for meals where they say so.

    Parameters
    ----------
    world
        Whose policies hold.
    settings
        Terms posted, and those observed.
    tip_usd
        float64 [J], today's tips by courier.
    basket_usd, home
        float64 [n] and int64 [n], of the meals.
    """
    regulator, observed = world.regulator, settings.observed
    commission = regulator.commission(settings.commission, "gig")
    change = commission - observed.commission
    markup = app_markup(settings.markup, change, world.settings.retailers.price_pass_through)
    by_law_usd = settings.fee_usd + regulator.added_fee(settings.fee_usd, home, "gig")
    couriers = len(world.couriers)
    passed_on_usd = world.memory.burden.added_usd[-couriers:] if regulator.passed_on > 0 else np.zeros(couriers)
    fee_usd = by_law_usd[:, None] + passed_on_usd
    tax_usd = regulator.meal_tax(basket_usd, home)
    by_basket = (markup - settings.markup) * basket_usd
    dearer_usd = fee_usd - observed.fee_usd + (tax_usd + by_basket)[:, None] + (tip_usd - settings.tip_usd)
    return MealTerms(fee_usd, tax_usd, tip_usd, markup, commission, dearer_usd)


def tips_today(world: World, settings: MealSettings) -> Floats:
    """Return the mean tip of a meal today by courier, float64 [J], $, by how each asks for it."""
    return np.array([tip_today(world, courier, settings.tip_usd) for courier in world.couriers])
