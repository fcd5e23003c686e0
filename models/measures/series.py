"""Series: how a market stands at a moment, for Mesa's DataCollector; numbers of the whole model, none by agent."""

from collections.abc import Callable

import mesa
import numpy as np

from galleria.agents.kernel.order import Status
from galleria.models.world import World


def _of(series: Callable[[World], float]) -> Callable[[mesa.Model], float]:
    """Turn a series of the world into a model reporter."""
    return lambda market: series(market.world)


def orders_placed(world: World) -> int:
    """Count the orders placed by now; shoppers before the next quotes have chosen already."""
    orders = world.orders
    return int(orders.placed_s[: orders.count].searchsorted(world.clock.now_s, side="right"))


def orders_waiting(world: World) -> int:
    """Count the orders placed by now that wait for a gig driver."""
    placed_s, now_s = world.orders.placed_s, world.clock.now_s
    waiting = (world.couriers[number].fleet.waiting for number in world.channels.gig.tolist())
    return sum(int(np.count_nonzero(placed_s[rows] <= now_s)) for rows in waiting)


def orders_carried(world: World) -> int:
    """Count the orders that gig drivers are on their way with."""
    return world.drivers.carried


def orders_delivered(world: World) -> int:
    """Count the orders delivered so far; those on vans when the day closes, which plans the tours."""
    return _ended(world, Status.DELIVERED)


def orders_cancelled(world: World) -> int:
    """Count the orders given up so far."""
    return _ended(world, Status.CANCELLED)


def drivers_online(world: World) -> int:
    """Count the drivers who are logged on."""
    return int(np.count_nonzero(world.drivers.online))


def drivers_idle(world: World) -> int:
    """Count the drivers who wait for an offer."""
    return int(np.count_nonzero(world.drivers.idle))


def _ended(world: World, status: Status) -> int:
    return int(np.count_nonzero(world.orders.status[: world.orders.count] == status))


SERIES = {
    each.__name__: _of(each)
    for each in (
        orders_placed,
        orders_waiting,
        orders_carried,
        orders_delivered,
        orders_cancelled,
        drivers_online,
        drivers_idle,
    )
}
"""Model reporters by name."""
