"""A laboratory for laws of space: one gig courier, its real dispatcher and drivers, without shoppers or shifts.

Requests come as they are given; every driver is always on line and takes every offer; an order is packed when it is
placed. What closed forms assume and the market does not can be switched on: idle drivers at fresh random places at
each request, and orders that are lost if nobody can take them at once (model 10.2, 10.3).
"""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.posted import Posted
from galleria.agents.couriers.settings import GigCourierSettings
from galleria.agents.dispatch.settings import DispatchSettings
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.fleets.commons import Commons, NoiseKeys
from galleria.agents.fleets.gig import GigFleet
from galleria.agents.fleets.pooled import PooledFleet, join_pool
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.kernel.roads import Roads
from galleria.agents.regulator.regulator import unregulated

FINEST = 60_000
"""Steps into which the longest distance is cut; the tables are uint16."""


@dataclass(frozen=True)
class Laboratory:
    """What is the same in all runs.

    Attributes
    ----------
    roads
        Times and distances.
    courier, drivers, dispatch
        Settings; drivers take whatever they are offered.
    door_h
        Time at the door, h.
    redraw
        Places from which idle drivers' places are drawn anew at each request; None leaves them where they are.
    loses
        Whether an order is lost that nobody takes at once.
    brands
        With how many brands orders are placed in turn, and drivers work; all pool their dispatch and drivers.
    """

    roads: Roads
    courier: GigCourierSettings
    drivers: DriverSettings
    dispatch: DispatchSettings
    door_h: float
    redraw: Ints | None = None
    loses: bool = False
    brands: int = 1

    def run(self, start: Ints, request_s: Floats, origin: Ints, destination: Ints, seed: int) -> "Observed":
        """Serve requests in the order of their times.

        Parameters
        ----------
        start
            int [N], first places of the drivers.
        request_s, origin, destination
            [n], times of requests, and places.
        seed
            Of ties and of redrawn places.
        """
        orders, drivers = Orders(0), Drivers(len(start))
        drivers.apps[:], drivers.place[:] = self._apps(len(start)), start
        drivers.online[:] = drivers.idle[:] = True
        settings = self.drivers.model_copy(update={"door_min": 60 * self.door_h})
        keys = NoiseKeys(seed, seed)
        commons = Commons(orders, drivers, self.roads, None, unregulated(), self.dispatch, settings, 0.0, keys, 1)
        fleet = GigFleet(0, "", self.courier, Posted.at_first(self.courier), commons)
        brands: list[Fleet] = [fleet, *(PooledFleet(fleet) for _ in range(1, self.brands))]
        rows = orders.append(len(request_s))
        orders.placed_s[rows] = orders.ready_s[rows] = request_s
        orders.promised_s[rows] = inf
        orders.origin[rows], orders.destination[rows] = origin, destination
        idle, waiting = np.zeros(len(request_s), np.int64), np.zeros(len(request_s), np.int64)
        rng = np.random.default_rng(seed)
        for row, time in enumerate(request_s.tolist()):
            while (free_s := drivers.next_event_s()) <= time:
                self._free(fleet, drivers, orders, free_s)
            if self.redraw is not None:
                drivers.place[drivers.idle] = rng.choice(self.redraw, int(drivers.idle.sum()))
            idle[row], waiting[row] = drivers.idle.sum(), len(fleet.waiting)
            brands[row % self.brands].take(np.array([row]))
            fleet.dispatch(time)
            if self.loses:
                fleet.cancel(fleet.waiting)
        served = orders.status[rows] != Status.CANCELLED
        return Observed(orders, request_s, served & (orders.driver[rows] >= 0), idle, waiting)

    def _apps(self, drivers: int) -> Ints:
        """Spread drivers over the brands, whose pool the first leads."""
        apps = np.left_shift(1, np.arange(drivers) % self.brands)
        for brand in range(1, self.brands):
            apps = join_pool(apps, brand, 0)
        return np.asarray(apps)

    @staticmethod
    def _free(fleet: GigFleet, drivers: Drivers, orders: Orders, time: float) -> None:
        """Let a driver become free, who may take what waits."""
        orders.close(drivers.advance(time), Status.DELIVERED)
        fleet.dispatch(time)


@dataclass(frozen=True)
class Observed:
    """What happened, one entry a request: whether it was served, and who was idle and what waited as it came."""

    orders: Orders
    request_s: Floats
    served: NDArray[np.bool_]
    idle: Ints
    waiting: Ints

    def after(self, warm_up_h: float) -> NDArray[np.bool_]:
        """Return which served requests came after the warm-up."""
        return self.served & (self.request_s >= warm_up_h * HOUR_S)

    def pickup_km(self, warm_up_h: float) -> Floats:
        """Return the empty way to each request served after the warm-up, km."""
        return np.asarray(self.orders.pickup_km[: len(self.served)][self.after(warm_up_h)])

    def pickup_min(self, warm_up_h: float) -> Floats:
        """Return the time of that way, min."""
        which, n = self.after(warm_up_h), len(self.served)
        return np.asarray((self.orders.arrived_s[:n][which] - self.orders.accepted_s[:n][which]) / 60)

    def served_per_h(self, warm_up_h: float) -> float:
        """Return the rate at which requests were served after the warm-up."""
        return float(self.after(warm_up_h).sum() / (self.request_s[-1] / HOUR_S - warm_up_h))


def plane(x_km: Floats, y_km: Floats, km_per_h: float, *, euclid: bool, torus_km: float | None, days: int) -> Roads:
    """Lay straight or rectangular ways between all pairs of points, round the back of a torus where that is shorter."""
    dx, dy = np.abs(x_km[:, None] - x_km), np.abs(y_km[:, None] - y_km)
    if torus_km is not None:
        dx, dy = np.minimum(dx, torus_km - dx), np.minimum(dy, torus_km - dy)
    km = np.hypot(dx, dy) if euclid else dx + dy
    step_km = float(km.max()) / FINEST
    steps = np.rint(km / step_km).astype(np.uint16)
    steps.flags.writeable = False  # as the memory-mapped tables of a city: one compilation serves both
    progress_s = np.arange(24 * days + 1, dtype=np.float64) * HOUR_S
    return Roads(steps, step_km / km_per_h * HOUR_S, steps, step_km, progress_s)


def poisson(rate_per_h: float, number: int, rng: np.random.Generator) -> Floats:
    """Draw the times of a number of requests, s."""
    return np.asarray(np.cumsum(rng.exponential(HOUR_S / rate_per_h, number)))
