"""Identities that hold at every moment of every run, checked while it runs (model 10.1 L1-L3)."""

import numpy as np

from galleria.agents.drivers.driver import Drivers
from galleria.models.world import World

CLOCK_TOLERANCE_S = 1e-5


class InvariantError(AssertionError):
    """An identity of the model is broken: the run's results cannot be trusted."""


def check_interval(world: World) -> None:
    """Check that every order is in exactly one place and that the ledger sums to zero.

    Raises
    ------
    InvariantError
        With the numbers that should agree.
    """
    orders, meals = world.orders, world.meals
    waiting = sum(courier.fleet.pending for courier in world.couriers)
    waiting += sum(fleet.pending for fleet in meals.dispatchers)
    carried, placed, ended = world.drivers.carried, orders.count + meals.orders.count, orders.ended + meals.orders.ended
    if placed != waiting + carried + ended:
        raise InvariantError(
            f"orders are lost at {world.clock.now_s:.0f} s: {placed} placed, but {waiting} waiting, "
            f"{carried} with drivers and {ended} delivered or cancelled"
        )
    if not world.ledger.is_balanced:
        raise InvariantError(f"the ledger does not sum to zero at {world.clock.now_s:.0f} s")


def check_clocks(drivers: Drivers) -> None:
    """Check that each driver's states add up to the time on line, once everybody has logged off.

    Raises
    ------
    InvariantError
        With the driver for whom they do not.
    """
    on_trips_s = drivers.to_pickup_s + drivers.at_store_s + drivers.to_door_s + drivers.at_door_s
    states_s = drivers.idle_s + on_trips_s + drivers.relocate_s
    gap_s = np.where(drivers.on_duty, 0.0, np.abs(states_s - drivers.online_s))
    if gap_s.max(initial=0.0) > CLOCK_TOLERANCE_S:
        row = int(gap_s.argmax())
        raise InvariantError(
            f"the clock of driver {row} does not add up: {drivers.online_s[row]:.3f} s on line, "
            f"{states_s[row]:.3f} s in all states"
        )
    if drivers.idle_s.min(initial=0.0) < -CLOCK_TOLERANCE_S:
        raise InvariantError(f"driver {int(drivers.idle_s.argmin())} was idle for a negative time")
