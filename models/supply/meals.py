"""Meals: households order them by price and wait; couriers take those where they quote, and refuse the others.

Waits are compared with those usual by courier and hour of day (model 7.1, 7.5). Who turns to a courier that quotes no
time is refused; the wait is taken to be the usual one then.
"""

from math import inf

import numpy as np

from galleria.agents.couriers.meals import MealSettings
from galleria.agents.customers.meals import MealDemand, meal_demand
from galleria.agents.kernel.arrays import Bools, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Status
from galleria.models.demand.meals import FURTHER, MealTable, asked, draw_meals
from galleria.models.supply.meal_terms import MealTerms, meal_terms, tips_today
from galleria.models.world import World


class MealService:
    """Hands the meals of a day to the couriers' fleets.

    Parameters
    ----------
    world
        Its `meals` are kept here.
    settings
        Terms of meals; None where there are none.
    """

    def __init__(self, world: World, settings: MealSettings | None) -> None:
        self.world, self.settings = world, settings
        names = world.settings.couriers
        self.weights = np.array(list(settings.weights(names).values()) if settings else [0.0] * len(names))
        self.quote_h, self.tip_usd = np.full(len(names), inf), np.zeros(len(names))
        self._today: MealTable | None = None
        self._arrived, self._before, self._further_before = 0, 0, 0
        self.renew(0.0)

    def open_day(self) -> None:
        """Draw the occasions of the day."""
        if self.settings is None:
            return
        world, self._arrived = self.world, 0
        world.meals.gain_usd = 0.0
        if self._today is not None:
            at_reference = int((self._today.number < FURTHER).sum())
            self._before += at_reference
            self._further_before += len(self._today.number) - at_reference
        self._today = draw_meals(self.settings, world.meals.restaurants, world.city, world.clock.day, world.streams)
        self.tip_usd = tips_today(world, self.settings)

    def next_arrival_s(self, now_s: float) -> float:
        """Return the time of the next meal after now today, inf for none."""
        placed_s = np.empty(0) if self._today is None else self._today.placed_s
        following = int(placed_s.searchsorted(now_s, side="right"))
        return float(placed_s[following]) if following < len(placed_s) else inf

    def renew(self, now_s: float) -> None:
        """Let all fleets quote anew."""
        quoted = {fleet: fleet.requote(now_s) for fleet in self.world.meals.dispatchers}
        for number, fleet in self.world.meals.fleets.items():
            self.quote_h[number] = quoted[fleet]
        if self.settings is not None:
            self.world.meals.quoted.count(self.quote_h, int(now_s % DAY_S // HOUR_S))

    def serve(self, until_s: float) -> None:
        """Let households order by a time on the present quotes, and couriers take what is ordered, or refuse it."""
        if self.settings is None or self._today is None:
            return
        first, self._arrived = self._arrived, int(self._today.placed_s.searchsorted(until_s, side="right"))
        table = self._today.rows(slice(first, self._arrived))
        terms = meal_terms(self.world, self.settings, self.tip_usd, table.basket_usd, table.home)
        demand = self._demand(self.settings, table, terms)
        self.world.meals.gain_usd += float(demand.gain_usd.sum())
        which = table.ordered(demand.ratio, self.settings.choice.further)
        self._order(self.settings, table, which, terms, demand)

    def _demand(self, settings: MealSettings, table: MealTable, terms: MealTerms) -> MealDemand:
        """Return what households order today's terms and present quotes."""
        active = np.array([courier.posted.active for courier in self.world.couriers])
        dearer_usd, usual_h = terms.dearer_usd, self.world.meals.usual_quote_h
        if usual_h is not None:
            hour = (table.placed_s % DAY_S // HOUR_S).astype(np.int64)
            longer_h = np.where(np.isfinite(self.quote_h), self.quote_h, usual_h[:, hour].T) - usual_h[:, hour].T
            dearer_usd = dearer_usd + settings.choice.value_of_wait_usd_per_h * longer_h
        return meal_demand(settings.choice, np.where(active, self.weights, 0.0), dearer_usd)

    def _order(
        self, settings: MealSettings, table: MealTable, which: Bools, terms: MealTerms, demand: MealDemand
    ) -> None:
        """Let couriers take the meals ordered on some occasions, bool [n], or refuse them."""
        meals, roads = self.world.meals, self.world.shopping.carried
        courier = asked(demand.pull[which], table.asks[which])
        quote_h = np.where(courier < 0, inf, self.quote_h[courier])
        taken = np.isfinite(quote_h)
        rows = self._write(settings, table.rows(which), courier)
        orders = meals.orders
        orders.fee_usd[rows], orders.tip_usd[rows] = terms.fee_usd[which, courier], terms.tip_usd[courier]
        orders.tax_usd[rows], orders.value_usd[rows] = terms.tax_usd[which], demand.worth_usd[which]
        orders.markup_usd[rows] = terms.markup * orders.basket_usd[rows]
        orders.commission_usd[rows] = terms.commission * orders.basket_usd[rows]
        placed_s, origin, home = orders.placed_s[rows], orders.origin[rows], orders.destination[rows]
        orders.ready_s[rows] = placed_s + np.where(taken, table.preparation_s[which], 0.0)
        leaves_s = placed_s + np.where(taken, quote_h, 0.0) * HOUR_S
        quoted_s = roads.drive_s(origin, home, leaves_s) + leaves_s + self.world.shopping.door_h * HOUR_S - placed_s
        orders.quoted_s[rows] = orders.expected_s[rows] = np.where(taken, quoted_s, np.nan)
        orders.promised_s[rows] = placed_s + orders.quoted_s[rows]
        orders.close(rows[~taken].tolist(), Status.REFUSED)
        for number in np.unique(courier[taken]).tolist():
            meals.fleets[number].take(rows[taken & (courier == number)])

    def _write(self, settings: MealSettings, table: MealTable, courier: Ints) -> Ints:
        """Write the orders of meals with what was drawn of them; return their rows."""
        orders = self.world.meals.orders
        new = orders.append(len(courier))
        rows = np.arange(new.start, new.stop)
        orders.day[rows] = self.world.clock.day
        orders.courier[rows], orders.household[rows] = courier, -1
        orders.occasion[rows] = table.number + np.where(table.number < FURTHER, self._before, self._further_before)
        origin = self.world.meals.restaurants.place[table.restaurant]
        orders.store[rows], orders.origin[rows], orders.destination[rows] = table.restaurant, origin, table.home
        orders.zone[rows] = self.world.city.places.zone[table.home]
        orders.loaded_km[rows] = self.world.roads.km(origin, table.home)
        orders.basket_usd[rows], orders.service_usd[rows] = table.basket_usd, settings.service_rate * table.basket_usd
        orders.delay_usd_per_h[rows] = settings.choice.value_of_wait_usd_per_h
        orders.placed_s[rows] = table.placed_s
        return rows
