"""What simulated days show of quotes and of the cost of an order (model 7.6)."""

import numpy as np

from galleria.agents.couriers.top_up import engaged_hours, order_cost_usd
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Status
from galleria.models.money.hours import least_usd_per_engaged_h
from galleria.models.strategy.case import Conditions
from galleria.models.world import World


def conditions_seen(world: World, first_order: int, days: int) -> Conditions:
    """Take conditions from the orders placed from row `first_order` on, in so many days."""
    orders, couriers, roads, drivers = world.orders, world.couriers, world.shopping.carried, world.drivers
    rows = np.arange(first_order, orders.count)
    quote_h, cost_usd = np.full(len(couriers), np.nan), np.full(len(couriers), np.nan)
    for number, courier in enumerate(couriers):
        mine = rows[orders.courier[rows] == number]
        delivered = mine[orders.status[mine] == Status.DELIVERED]
        if not len(mine):
            continue
        quoted_h = orders.quoted_s[mine] / HOUR_S
        if courier.settings.runs_tours:
            quote_h[number] = quoted_h.mean()
        else:
            drive_s = roads.drive_s(orders.origin[mine], orders.destination[mine], orders.placed_s[mine])
            quote_h[number] = (quoted_h - drive_s / HOUR_S).mean() - world.shopping.door_h
        if courier.settings.runs_tours or len(delivered):
            cost_usd[number] = courier.settings.support_usd + courier.fleet.marginal_usd(len(mine) / days)
        if courier.settings.by_gig_drivers and len(delivered):
            engaged_h, least_usd = engaged_hours(orders, delivered), least_usd_per_engaged_h(world.regulator, drivers)
            paid_usd = order_cost_usd(orders.pay_usd[delivered].mean(), engaged_h.mean(), least_usd)
            cost_usd[number] += courier.settings.hired_usd or float(paid_usd)
            late = orders.delivered_s[delivered] > orders.promised_s[delivered]
            credit_usd = (orders.credit_usd[delivered] * late).mean()
            cost_usd[number] += credit_usd - orders.surge_usd[delivered].mean()
    return Conditions(quote_h, cost_usd)
