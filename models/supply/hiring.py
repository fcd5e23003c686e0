"""Hiring: drivers under contract, engaged for the day before the others decide when they work (model 7.4)."""

import numpy as np

from galleria.agents.drivers.contracts import NOBODY, drivers_needed, hire
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.shifts import asks_usd_per_h
from galleria.agents.kernel.arrays import Floats
from galleria.models.money.settlement import Settlement
from galleria.models.settings.tree import Settings


class Hiring:
    """Fills the blocks of the couriers with contracts, and pays for them.

    Parameters
    ----------
    settings
        Of the design point.
    drivers
        Their column `hired_by` is kept here.
    expected_orders
        float64 [J, 24], what couriers hire for.
    way_km
        Mean way from store to door, for the driving that those asked expect.
    """

    def __init__(self, settings: Settings, drivers: Drivers, expected_orders: Floats, way_km: float) -> None:
        self.settings, self.drivers = settings, drivers
        self._driving_usd_per_order = 2 * way_km * settings.drivers.mean_cost_usd_per_km
        self._contracts = {
            number: each.hires
            for number, each in enumerate(settings.couriers.values())
            if each.active and each.hires is not None
        }
        self._expected = expected_orders

    def dismiss(self, number: int) -> None:
        """End the contracts of a courier that leaves the market."""
        self._contracts.pop(number, None)

    def open_day(self) -> None:
        """Hire for the day, courier by courier."""
        drivers = self.drivers
        drivers.hired_by[:] = NOBODY
        for number, contract in self._contracts.items():
            asks = asks_usd_per_h(drivers, self.settings.drivers)
            asks = asks + self._driving_usd_per_order * contract.orders_per_driver_h
            free = (drivers.on(number) & drivers.in_pool)[:, None] & (drivers.hired_by == NOBODY)
            needed = drivers_needed(self._expected[number], contract)
            block_h = contract.block_h if contract.kind == "block" else 1
            drivers.hired_by[hire(needed, asks, free, contract.usd_per_h, block_h)] = number

    def promise_pay(self) -> None:
        """Count the pay of contracts among what drivers earn in the hours of the day."""
        for number, contract in self._contracts.items():
            self.drivers.net_usd_by_hour[self.drivers.hired_by == number] += contract.usd_per_h

    def settle(self, settlement: Settlement) -> None:
        """Pay the day's hours under contract."""
        for number, contract in self._contracts.items():
            hours = (self.drivers.hired_by == number).sum(axis=1)
            hired = np.flatnonzero(hours)
            settlement.settle_contracts(number, hired, hours[hired] * contract.usd_per_h)
