"""Passing on: what couriers with fixed fees add to them for what policies cost, at the orders it leads to (model 8)."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from galleria.agents.customers.meals import meal_demand
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.pricing.fees import Demand
from galleria.agents.pricing.recovery import Recovery
from galleria.models.strategy.desk import Desk
from galleria.models.supply.meal_terms import meal_terms, tips_today
from galleria.models.world import World

SHOPPERS = 2000
"""Shoppers of the sample on whom the answer of demand is worked out, by chances and not by draws."""
STEP_USD = 0.25
"""Distance of the additions that are tried where it is asked whether any recovers the cost."""

FEWER = 0.1
"""Part of the orders by which they are fewer where it is asked what one more costs in hours on line."""

LEAST_PART = 1e-6


class PassingOn:
    """Sets additions to fees each day from the second on.

    Parameters
    ----------
    world
        Whose couriers pass on.
    desk
        Works out demand.
    online_h
        Hours of drivers on line that couriers expect of a day if their orders are these parts, float64 [J], of what
        they would be without additions.
    """

    def __init__(self, world: World, desk: Desk, online_h: Callable[[Floats], float]) -> None:
        self.world, self.desk, self._online_h = world, desk, online_h
        self._demand: tuple[Demand, Floats] | None = None

    def open_day(self, day: int) -> None:
        """Set what is added today."""
        world, rules, burden = self.world, self.world.regulator, self.world.memory.burden
        couriers, services = len(world.couriers), len(burden.answer)
        nothing, all_of_it = np.zeros(services), np.ones(services)
        burden.added_usd, burden.answer, burden.beyond = nothing, all_of_it, np.zeros(services, np.bool_)
        if rules.passed_on == 0 or not burden.known:
            return
        if self._demand is None or day % DAYS_PER_WEEK == 0:
            self._demand = self._demand_today()
        demand, price_usd = self._demand
        before = demand.of_couriers(price_usd)[0].mean(axis=0)
        usual, of_meals = burden.day.orders, self._answer_of_meals()

        def answer(added_usd: Floats) -> Floats:
            after = demand.of_couriers(price_usd + added_usd[:couriers])[0].mean(axis=0)
            of_orders = np.divide(after, before, out=np.ones(couriers), where=before > 0)
            return np.concatenate([of_orders, of_meals(added_usd[couriers:])])

        def online_h(orders: Floats) -> float:
            return self._online_h(np.divide(orders, usual, out=np.ones(services), where=usual > 0))

        def usd_per_further_order(orders: Floats) -> Floats:
            fewer = (1 - FEWER) * orders
            return burden.usd_per_further_order(orders, online_h(orders), fewer, online_h(fewer), rules)

        recovery = Recovery(
            orders=lambda added_usd: usual * answer(added_usd),
            usd_per_further_order=usd_per_further_order,
            usd_per_order=lambda orders: burden.usd_per_order(orders, online_h(orders), rules),
            share=rules.passed_on,
            most_usd=rules.most_passed_on_usd,
            step_usd=STEP_USD,
        )
        burden.added_usd, burden.beyond = recovery.additions(services), recovery.out_of_reach(services)
        burden.answer = np.maximum(answer(burden.added_usd), LEAST_PART)

    def _answer_of_meals(self) -> Callable[[Floats], Floats]:
        """Return meals as parts of those without additions to their fees, by these: of mean baskets, at usual waits."""
        world, settings = self.world, self.world.settings.meals
        if settings is None:
            return lambda added_usd: np.ones(len(added_usd))
        homes = world.city.places.households
        basket_usd = np.full(len(homes), settings.basket.mean_usd)
        carriers = np.array(list(settings.weights(world.settings.couriers).values()))
        weights = np.where([courier.posted.active for courier in world.couriers], carriers, 0.0)
        tips_usd, everywhere = tips_today(world, settings), np.arange(len(homes))
        dearer_usd = meal_terms(world, settings, tips_usd, basket_usd, everywhere).dearer_usd

        def orders(added_usd: Floats) -> Floats:
            found = meal_demand(settings.choice, weights, dearer_usd + added_usd)
            whole = found.pull.sum(axis=1, keepdims=True)
            part = np.divide(found.pull, whole, out=np.zeros_like(found.pull), where=whole > 0)
            return np.asarray((homes * found.ratio) @ part)

        before = orders(np.zeros(len(weights)))
        return lambda added_usd: np.divide(orders(added_usd), before, out=np.ones(len(weights)), where=before > 0)

    def _demand_today(self) -> tuple[Demand, Floats]:
        """Return the demand of part of the sample without additions, and prices, float64 [J] or [n, J]."""
        case = self.desk.today()
        observed_h = np.array([courier.settings.observed_quote_h for courier in self.world.couriers])
        case = replace(case, quote_h=np.where(np.isfinite(case.quote_h), case.quote_h, observed_h))
        demand = self.desk.demand(case)
        every = max(1, len(demand.price_sensitivity) // SHOPPERS)
        part = replace(demand, utility=demand.utility[::every], price_sensitivity=demand.price_sensitivity[::every])
        price_usd = self.desk.price_usd
        return part, price_usd if price_usd.ndim == 1 else price_usd[::every]
