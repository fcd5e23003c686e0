"""Closing the books: what is settled and remembered when a day ends, beside the orders themselves."""

from typing import TYPE_CHECKING

import numpy as np

from agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from agents.customers.memory import remember
from agents.drivers.clocks import relocation_costs_usd, shift_costs_usd
from agents.kernel.clock import HOUR_S
from agents.kernel.order import Status

if TYPE_CHECKING:
    from models.market import Market


def settle_shifts(market: "Market", until_s: float) -> None:
    """Settle what logging on, further apps and ways to other zones cost drivers, where they cost something."""
    settings = market.settings.drivers
    if settings.log_on_cost_usd > 0 or settings.app_cost_usd_per_h > 0:
        market.settlement.settle_shifts(*shift_costs_usd(market.drivers, until_s, settings))
    if market.relocation is not None:
        market.settlement.settle_relocation(relocation_costs_usd(market.drivers, settings.cost_usd_per_km))


def settle_orders(market: "Market") -> None:
    """Settle the orders that ended since the last time, first those from before measuring began."""
    if market.start is not None:
        market.start.settle_earlier(market)
    market.enforcement.settle_orders()
    market.settlement.settle_orders(market.orders)


def settle_trips(market: "Market") -> None:
    """Settle what the day's shoppers spent on trips of their own."""
    occasions = market.today.occasions
    home = market.households.home[occasions.household]
    to_mall = np.flatnonzero(occasions.choice == market.channels.index(STORE_MALL))
    to_box = np.flatnonzero(occasions.choice == market.channels.index(STORE_BIG_BOX))
    store = market.shopping.store_visited(occasions, home)
    big_box = market.shopping.nearest.big_box[None][home[to_box]]
    market.settlement.settle_trips(occasions, to_mall, store[to_mall], np.column_stack([to_box, big_box]))


def remember_lateness(market: "Market") -> None:
    """Let each zone remember how late the orders were that ended today."""
    orders, memory = market.orders, market.settings.customers.memory
    ended = np.array(orders.closed, np.int64)
    late_h = np.maximum(0.0, (orders.delivered_s[ended] - orders.promised_s[ended]) / HOUR_S)
    late_h[orders.status[ended] == Status.CANCELLED] = memory.cancelled_h
    market.memory_h = remember(
        market.memory_h, orders.zone[ended], orders.courier[ended].astype(np.int64), late_h, memory.rate
    )
