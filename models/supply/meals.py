"""Meals: couriers take those that are ordered where they quote, and refuse the others (model 7.5)."""

from math import inf

import numpy as np

from agents.couriers.meals import MealSettings
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.clock import HOUR_S
from agents.kernel.order import Status
from models.demand.meals import MealTable, asked, draw_meals
from models.supply.terms import tip_today
from models.world import World


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
        self._arrived = 0
        self.renew(0.0)

    def open_day(self) -> None:
        """Draw the meals of the day."""
        if self.settings is not None:
            world, self._arrived = self.world, 0
            restaurants = world.meals.restaurants
            self._today = draw_meals(self.settings, restaurants, world.city, world.clock.day, world.streams)
            tips = [tip_today(world, courier, self.settings.tip_usd) for courier in world.couriers]
            self.tip_usd = np.array(tips)

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

    def serve(self, until_s: float) -> None:
        """Let couriers take the meals that are ordered by a time on the present quotes, or refuse them."""
        if self.settings is None or self._today is None:
            return
        first, self._arrived = self._arrived, int(self._today.placed_s.searchsorted(until_s, side="right"))
        table = self._today.rows(slice(first, self._arrived))
        active = np.array([courier.posted.active for courier in self.world.couriers])
        courier = asked(self.weights, active, table.asks)
        quote_h = np.where(courier < 0, inf, self.quote_h[courier])
        taken = np.isfinite(quote_h)
        rows = self._place(self.settings, table, courier, np.where(taken, quote_h, 0.0), taken)
        self.world.meals.orders.close(rows[~taken].tolist(), Status.REFUSED)
        for number in np.unique(courier[taken]).tolist():
            self.world.meals.fleets[number].take(rows[taken & (courier == number)])

    def _place(self, settings: MealSettings, table: MealTable, courier: Ints, quote_h: Floats, taken: Bools) -> Ints:
        """Write the orders of meals with all that is known of them; return their rows."""
        orders, city, roads = self.world.meals.orders, self.world.city, self.world.roads
        rows = orders.append(len(courier))
        origin = self.world.meals.restaurants.place[table.restaurant]
        orders.day[rows] = self.world.clock.day
        orders.courier[rows], orders.household[rows] = courier, -1
        orders.occasion[rows] = np.arange(rows.start, rows.stop)
        orders.store[rows], orders.origin[rows], orders.destination[rows] = table.restaurant, origin, table.home
        orders.zone[rows] = city.places.zone[table.home]
        orders.loaded_km[rows] = roads.km(origin, table.home)
        orders.basket_usd[rows], orders.fee_usd[rows], orders.tip_usd[rows] = (
            table.basket_usd,
            settings.fee_usd,
            self.tip_usd[courier],
        )
        orders.service_usd[rows] = settings.service_rate * table.basket_usd
        orders.markup_usd[rows] = settings.markup * table.basket_usd
        orders.commission_usd[rows] = settings.commission * table.basket_usd
        orders.placed_s[rows] = table.placed_s
        orders.ready_s[rows] = table.placed_s + np.where(taken, table.preparation_s, 0.0)
        door_s = self.world.shopping.door_h * HOUR_S
        leaves_s = table.placed_s + quote_h * HOUR_S
        quoted_s = leaves_s + roads.drive_s(origin, table.home, leaves_s) + door_s - table.placed_s
        orders.quoted_s[rows] = np.where(taken, quoted_s, np.nan)
        orders.promised_s[rows] = table.placed_s + orders.quoted_s[rows]
        return np.arange(rows.start, rows.stop)
