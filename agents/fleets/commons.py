"""What all gig fleets of a market have in common (model 7.4, 7.5)."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from galleria.agents.dispatch.kerb import Kerb
from galleria.agents.dispatch.settings import DispatchSettings
from galleria.agents.dispatch.trips import Jobs, Stops
from galleria.agents.drivers.driver import Drivers
from galleria.agents.drivers.settings import DriverSettings
from galleria.agents.drivers.vehicles import Vehicles
from galleria.agents.fleets.load import Queue
from galleria.agents.kernel.order import Orders
from galleria.agents.kernel.roads import Roads
from galleria.agents.regulator.regulator import Regulator


class NoiseKeys(NamedTuple):
    """Keys of the noise that breaks ties, of (occasion, driver), and of acceptance, of (occasion, driver, offer)."""

    tie: int
    accept: int


@dataclass(frozen=True)
class Commons:
    """The orders, drivers, roads and rules that all gig couriers deal with.

    Attributes
    ----------
    orders, drivers
        The market's populations.
    roads, kerb
        Of the city; slots at the malls, None where there are always enough.
    regulator
        Policies on the pay of offers, on what trips are charged, and on how drivers answer.
    dispatch, driver_settings
        How to match; what driving costs.
    handover_s
        Time at the store from arrival (or readiness) to departure, s.
    keys
        Of noise.
    zones
        Number of zones of homes.
    queues
        Of all fleets; each adds its own.
    """

    orders: Orders
    drivers: Drivers
    roads: Roads
    kerb: Kerb | None
    regulator: Regulator
    dispatch: DispatchSettings
    driver_settings: DriverSettings
    handover_s: float
    keys: NoiseKeys
    zones: int
    queues: list[Queue] = field(default_factory=list)

    @cached_property
    def stops(self) -> Stops:
        """Times at stores and doors."""
        extra_s, door_s = self.dispatch.bundling.extra_parcel_min * 60, self.driver_settings.door_min * 60
        return Stops(0.0, self.handover_s, extra_s, door_s, 0.0)

    @cached_property
    def vehicles(self) -> Vehicles:
        """What drivers go by."""
        return Vehicles.of(self.driver_settings, self.roads)

    @property
    def jobs(self) -> Jobs:
        """The orders as kernels take them."""
        orders = self.orders
        return Jobs(orders.origin, orders.destination, orders.ready_s, orders.promised_s)
