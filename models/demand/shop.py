"""Shopping: those who come see quotes, choose and order; stores pick, and couriers take the orders (model 3, 7.2)."""

from typing import Protocol

import numpy as np

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.order import Status
from galleria.models.demand.day import ShoppingDay
from galleria.models.demand.quotes import Quotes
from galleria.models.world import World


class Broker(Protocol):
    """Who may choose among the couriers for the shoppers."""

    def route(self, today: ShoppingDay, shoppers: slice, quote_h: Floats) -> None:
        """Choose for some shoppers on the present quotes."""


class Shop:
    """Serves shoppers.

    Parameters
    ----------
    world
        Where they shop.
    quotes
        What couriers quote.
    broker
        Who chooses for them; None where they choose themselves.
    """

    def __init__(self, world: World, quotes: Quotes, broker: Broker | None) -> None:
        self.world, self.quotes, self.broker = world, quotes, broker

    def serve(self, today: ShoppingDay) -> None:
        """Let those who come before the next quotes choose and order on the present ones, and stores pick for them."""
        shoppers = today.arrive(self.quotes.until_s)
        quote_h = self.quotes.shown(today, shoppers)
        today.choose(shoppers, quote_h)
        if self.broker is not None:
            self.broker.route(today, shoppers, quote_h)
        self._pick(today, today.place(shoppers, quote_h))

    def _pick(self, today: ShoppingDay, placed: slice) -> None:
        """Let stores queue the new orders, and couriers take them."""
        world, orders, rows = self.world, self.world.orders, np.arange(placed.start, placed.stop)
        courier = orders.courier[placed]
        orders.ready_s[placed] = orders.placed_s[placed] + today.preparation_s[courier]
        from_store = rows[today.packed_on_order[courier]]
        orders.ready_s[from_store] = world.stores.pick(
            orders.store[from_store], orders.placed_s[from_store], today.picking_s(from_store)
        )
        orders.close(from_store[today.is_missing(from_store)].tolist(), Status.CANCELLED)
        is_open = orders.status[placed] == Status.OPEN
        for number in np.unique(courier[is_open]).tolist():
            world.couriers[number].fleet.take(rows[is_open & (courier == number)])
