"""One day of shopping: who comes, what each chooses on the quotes of the moment, and the orders that follow."""

from math import inf

import numpy as np
from numba import njit

from galleria.agents.customers.choice import choose_channel
from galleria.agents.customers.choice_set import Shopping
from galleria.agents.customers.households import Households, Occasions
from galleria.agents.customers.terms import Cut, Terms, price_usd
from galleria.agents.customers.utility import expected_lateness, gain_usd, surge_cost
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.retailers.retailer import BIG_BOX, is_missing
from galleria.models.world import World


class Shelves:
    """What the mall stores have left to sell today; nothing is kept where they never run out.

    Parameters
    ----------
    shopping
        Stores and their settings.
    occasions, households
        Of the day, for the stores where walk-in customers buy.
    """

    def __init__(self, shopping: Shopping, occasions: Occasions, households: Households) -> None:
        units, stores = shopping.retailers.stock.units, shopping.stores
        self._left = None if units is None else np.where(stores.mall == BIG_BOX, np.iinfo(np.int64).max, units)
        if self._left is not None:
            self._visited = shopping.store_visited(occasions, households.home[occasions.household])

    def choose(self, shoppers: slice, utility: Floats, noise: Floats, store: Ints) -> Ints:
        """Let shoppers choose in turn, and take what they buy off the shelves.

        Parameters
        ----------
        shoppers
            Their rows.
        utility, noise
            float64 [m, C]; utility becomes -inf, in place, where the channel's store has nothing left.
        store
            int [m, J], stores of the couriers' channels.

        Returns
        -------
        int64 [m], channels.
        """
        if self._left is None:
            return choose_channel(utility, noise)
        return choose_while_stock_lasts(utility, noise, store, self._visited[shoppers], self._left)


@njit(cache=True)
def choose_while_stock_lasts(utility: Floats, noise: Floats, store: Ints, visited: Ints, left: Ints) -> Ints:
    """Let shoppers choose one after the other; `utility` [m, C] and what is `left` [R] change in place.

    Whoever walks into the mall (the first channel after the couriers') buys at the store `visited`, int [m]; who finds
    it empty finds something else.
    """
    couriers, choice = store.shape[1], np.empty(len(utility), np.int64)
    for k in range(len(utility)):
        for j in range(couriers):
            if store[k, j] >= 0 and left[store[k, j]] <= 0:
                utility[k, j] = -np.inf
        choice[k] = np.argmax(utility[k] + noise[k])
        seller = visited[k] if choice[k] == couriers else store[k, choice[k]] if choice[k] < couriers else -1
        if seller >= 0:
            left[seller] -= 1
    return choice


class ShoppingDay:
    """A day's occasions in the order of arrival.

    Parameters
    ----------
    world
        Where it takes place; the day is the one that is open.
    before
        Number of occasions of all days before.
    occasions
        Who shops for what.
    terms
        What each courier offers for each occasion.
    """

    def __init__(self, world: World, before: int, occasions: Occasions, terms: list[Terms]) -> None:
        self.world, self.before, self.occasions, self.terms = world, before, occasions, terms
        self.choices = world.shopping.choice_set(
            occasions, world.households, terms, world.channels.constants, world.memory.lateness_h
        )
        self.arrived = 0
        self._first_order = world.orders.count
        self.packed_on_order = np.array([offer.source.packs_on_order for offer in terms])
        self.preparation_s = np.array([offer.source.preparation_s for offer in terms])
        self.shelves = Shelves(world.shopping, occasions, world.households)
        self._tip_usd = np.array([offer.tip_usd for offer in terms])
        self.surge_usd = np.zeros((int(world.city.places.zone.max()) + 1, len(terms)))
        self.routed_usd = np.zeros(len(occasions))
        self.quote_h = np.zeros(occasions.noise.shape)

    def __len__(self) -> int:
        """Count the day's occasions."""
        return len(self.occasions)

    def next_arrival_s(self, now_s: float) -> float:
        """Return the time of the next arrival after now, inf for none."""
        following = int(self.occasions.arrive_s.searchsorted(now_s, side="right"))
        return float(self.occasions.arrive_s[following]) if following < len(self) else inf

    def arrive(self, until_s: float) -> slice:
        """Return the rows of those who arrive by `until_s`."""
        first = self.arrived
        self.arrived = int(self.occasions.arrive_s.searchsorted(until_s, side="right"))
        return slice(first, self.arrived)

    def choose(self, shoppers: slice, quote_h: Floats) -> None:
        """Let shoppers choose a channel on the couriers' present quotes, float64 [C] or [m, C], h, and surcharges."""
        occasions = self.occasions
        utility = self.choices.quoted(shoppers, quote_h, self.world.shopping.customers.quote_cap_h)
        if self.surge_usd.any():
            alpha = self.world.households.price_sensitivity[occasions.household[shoppers]]
            couriers = np.arange(len(self.terms))
            surge_usd = self.surge_usd[self.world.city.places.zone[self.choices.origin[shoppers]], couriers]
            utility[:, couriers] -= surge_cost(alpha, surge_usd)
        store, noise = self.choices.store[shoppers], occasions.noise[shoppers]
        self.quote_h[shoppers] = quote_h
        occasions.choice[shoppers] = self.shelves.choose(shoppers, utility, noise, store)
        occasions.utility[shoppers] = utility

    def place(self, shoppers: slice, quote_h: Floats) -> slice:
        """Turn each choice of a courier into an order, with what its delivery needs; return the orders' rows."""
        occasions, orders = self.occasions, self.world.orders
        which = shoppers.start + np.flatnonzero(occasions.choice[shoppers] < len(self.terms))
        rows = orders.append(len(which))
        if not len(which):
            return rows
        courier = occasions.choice[which].astype(np.intp)
        store = self.choices.store[which, courier]
        origin = self.choices.origin[which, courier]
        home = self.world.households.home[occasions.household[which]]
        quoted_h = quote_h[courier] if quote_h.ndim == 1 else quote_h[which - shoppers.start, courier]
        quoted_s = (quoted_h + self.choices.drive_h[which, courier]) * HOUR_S
        placed_s = occasions.arrive_s[which]
        orders.courier[rows] = courier
        orders.occasion[rows] = which + self.before
        orders.store[rows] = store
        orders.origin[rows] = origin
        orders.destination[rows] = home
        orders.loaded_km[rows] = self.world.roads.km(origin, home)
        orders.tip_usd[rows] = self._tip_usd[courier]
        orders.surge_usd[rows] = self.surge_usd[self.world.city.places.zone[origin], courier]
        orders.zone[rows] = self.world.households.zone[occasions.household[which]]
        orders.placed_s[rows] = placed_s
        orders.quoted_s[rows] = quoted_s
        orders.promised_s[rows] = placed_s + quoted_s
        return rows

    def picking_s(self, rows: Ints) -> Floats:
        """Return the time that picking each order takes, s."""
        return self.occasions.picking_s[self.world.orders.occasion[rows] - self.before]

    def is_missing(self, rows: Ints) -> Bools:
        """Return for which of some orders the picker finds an empty place on the shelf."""
        uniform = self.occasions.stock_pick[self.world.orders.occasion[rows] - self.before]
        stores, settings = self.world.shopping.stores, self.world.shopping.retailers.stock
        return is_missing(stores.listed, self.world.orders.store[rows], uniform, settings)

    def write_bills(self) -> None:
        """Write on the day's orders whose they are and what they cost, as posted when they were placed."""
        orders, occasions = self.world.orders, self.occasions
        rows = slice(self._first_order, orders.count)
        which = orders.occasion[rows] - self.before
        courier, person, basket_usd = orders.courier[rows], occasions.household[which], occasions.basket_usd[which]
        posted = np.array([(each.service_rate, each.commission_usd, each.appeal.promotion_usd) for each in self.terms])
        service_rate, commission_usd, promotion_usd = posted[courier].T
        cuts = np.array([(Cut(each.commission, float(each.markup)), each.independents) for each in self.terms])
        is_independent = self.world.stores.is_independent(orders.store[rows]).astype(np.intp)
        commission, markup = cuts[courier, is_independent].T
        orders.day[rows] = self.world.clock.day
        orders.household[rows] = person
        orders.basket_usd[rows] = basket_usd
        charged_usd = np.column_stack([price_usd(offer) for offer in self.terms])[which, courier]
        orders.fee_usd[rows] = charged_usd + orders.surge_usd[rows]
        orders.promotion_usd[rows] = promotion_usd
        orders.credit_usd[rows] = np.array([offer.credit_usd for offer in self.terms])[courier]
        orders.service_usd[rows] = service_rate * basket_usd
        orders.markup_usd[rows] = markup * basket_usd
        orders.commission_usd[rows] = commission * basket_usd + commission_usd
        orders.tax_usd[rows] = np.column_stack([offer.tax_usd for offer in self.terms])[which, courier]
        remembered_h = self.world.memory.lateness_h[orders.zone[rows], courier]
        late_h = expected_lateness(self.world.shopping.customers, remembered_h)
        orders.expected_s[rows] = orders.quoted_s[rows] + late_h * HOUR_S
        orders.delay_usd_per_h[rows] = occasions.delay_usd_per_h[which]
        felt_usd = gain_usd(
            occasions.utility[which], occasions.noise[which], courier, self.world.households.price_sensitivity[person]
        )
        orders.value_usd[rows] = felt_usd - np.array([offer.appeal.attention_usd for offer in self.terms])[courier]
