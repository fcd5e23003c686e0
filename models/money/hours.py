"""The price of drivers' hours to couriers under floors on the pay of time (model 8)."""

from typing import Protocol

from galleria.agents.drivers.driver import Drivers


class HourRules(Protocol):
    """Floors on the pay of time, and how couriers answer them."""

    @property
    def hourly_pay_usd(self) -> float:
        """Least mean pay of an hour on line, $; 0 for none."""

    @property
    def trip_pay_usd(self) -> float:
        """Least pay of each driver's hour on trips, $; 0 for none."""

    @property
    def utilisation(self) -> float:
        """Share of the time on line that couriers want drivers engaged at least; 0 for no log-in cap."""


def staffing(rules: HourRules, drivers: Drivers) -> float:
    """Return the part of the time on line that drivers are engaged: as couriers want, else as was seen, else 1."""
    if 0 < rules.utilisation < 1:
        return rules.utilisation
    engaged_s = drivers.to_pickup_s + drivers.at_store_s + drivers.to_door_s + drivers.at_door_s
    engaged, waiting = float(engaged_s.sum()), float((drivers.idle_s + drivers.relocate_s).sum())
    return engaged / (engaged + waiting) if engaged > 0 else 1.0


def least_usd_per_engaged_h(rules: HourRules, drivers: Drivers) -> float:
    """Return what couriers must pay for an hour of a driver on their trips, waiting included, $; 0 without floors.

    The larger of the floor on each driver's time on trips and of the floor on all time on line over the part of it
    that drivers are engaged.
    """
    if rules.hourly_pay_usd == 0:
        return rules.trip_pay_usd
    return max(rules.trip_pay_usd, rules.hourly_pay_usd / staffing(rules, drivers))
