"""Policies: pure transformations of offers, fees, access and the ledger, found by name (model 8).

A policy is one class in `agents/regulator/policies` with the hooks it needs, registered under the name of its kind, and
YAML files `conf/policy/NAME.yaml` with parameters. A hook says what the policy does at full strength; the regulator
applies it by the strength of the day, and where a policy is placed, in its zones. The hooks are identities here.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.registry import Registry
from galleria.agents.regulator.schedule import PhasedSettings, PlacedSettings, PolicySettings, ScheduledSettings

__all__ = [
    "POLICIES",
    "Ground",
    "PhasedSettings",
    "PlacedSettings",
    "Policy",
    "PolicySettings",
    "Ride",
    "ScheduledSettings",
    "Subsidy",
    "Vehicle",
    "kind_of",
    "parse_policy",
    "policy",
]

type Vehicle = Literal["gig", "van"]


class Ground(NamedTuple):
    """Where the P places of a city lie.

    Attributes
    ----------
    zone
        int [P], zone of each place.
    mall
        bool [P], places at which a mall stands.
    """

    zone: Ints
    mall: Bools


class Ride(NamedTuple):
    """What policies look at of m trips of gig drivers, arrays [m].

    Attributes
    ----------
    start, store, door
        Places: where the driver is, the store, the last door.
    accepted_s
        Time of acceptance, s.
    pickup_km, loaded_km
        Driven empty and with parcels.
    minutes, store_min
        From acceptance to the last door, and at the store, min.
    """

    start: Ints
    store: Ints
    door: Ints
    accepted_s: Floats
    pickup_km: Floats
    loaded_km: Floats
    minutes: Floats
    store_min: Floats


class Subsidy(NamedTuple):
    """What a mall store gets: $ for each order, and $ a week for being on mall-direct."""

    usd_per_order: float
    usd_per_week: float


class Policy[S: PolicySettings]:
    """A policy that changes nothing: the base of all others.

    Attributes
    ----------
    inside
        bool [P], places where it holds; None for everywhere.
    """

    Settings: ClassVar[type[PolicySettings]] = PolicySettings

    def __init__(self, settings: S) -> None:
        self.settings = settings
        self.inside: Bools | None = None
        self.mall: Bools = np.zeros(0, np.bool_)

    def survey(self, ground: Ground) -> None:
        """Look up on the map where the policy holds."""
        zones = self.settings.zones if isinstance(self.settings, PlacedSettings) else None
        if zones is not None:
            self.inside = np.isin(ground.zone, np.unique(ground.zone[ground.mall]) if zones == "malls" else zones)
        self.mall = ground.mall

    # What drivers are offered, and pay.

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        """Change the pay of offers, float64 [m], $; where it is placed, of those with the last door inside."""
        del ride
        return pay_usd

    def charge(self, ride: Ride) -> Floats:
        """Return what drivers pay the public for trips, float64 [m], $."""
        return np.zeros(len(ride.minutes))

    def acceptance(self, scale_usd: float) -> float:
        """Change the scale of the noise with which drivers answer offers, $."""
        return scale_usd

    def relocation(self, theta_per_usd: float) -> float:
        """Change how strongly idle drivers go to zones where waiting is worth more, 1/$; 0 for staying."""
        return theta_per_usd

    def shared_earnings(self, share: float) -> float:
        """Change how far drivers learn what all earned and not what they earned themselves, 0 to 1."""
        return share

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Change the sets of couriers drivers work for, bit masks."""
        return apps

    def hourly_pay(self, usd_per_h: float) -> float:
        """Change the least mean pay of an hour on line, $/h."""
        return usd_per_h

    def trip_pay(self, usd_per_h: float) -> float:
        """Change the least pay of each driver's hour on trips, $/h."""
        return usd_per_h

    def utilisation(self, share: float) -> float:
        """Change the share of the time on line that couriers want drivers engaged at least; 0 for no log-in cap."""
        return share

    def staffs_at_least_cost(self) -> bool:
        """Return whether couriers that cap log-ins let in as many as cost them least with customers' wait."""
        return False

    def peak_sd(self) -> float:
        """Return how many drivers couriers let in beyond the mean need, in standard deviations of the need."""
        return 0.0

    def tiers(self) -> int:
        """Return in how many groups by their record couriers that cap log-ins let drivers in; 1 for by lot."""
        return 1

    # What couriers take and promise.

    def commission(self, rate: float) -> float:
        """Change the commission a gig courier takes, as a share of the basket."""
        return rate

    def commission_of_independents(self, rate: float) -> float:
        """Change the commission a gig courier takes of mall stores that belong to no chain."""
        return self.commission(rate)

    def weight_of_capped(self, weight: float) -> float:
        """Change how often couriers show a store whose commission policies lower beside others, 1 for as often."""
        return weight

    def fee(self, fee_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Change delivery fees, float64 [n], $, one a home: how couriers answer where fees are fixed."""
        del fulfilment
        return fee_usd

    def asks_before(self, share: float) -> float:
        """Change the share of gig orders whose customers are asked for a tip before they pay: how couriers answer."""
        return share

    def must_ask_before(self, share: float) -> float:
        """Change the same by law, after all answers."""
        return share

    def passed_on(self, share: float) -> float:
        """Change the share of what policies cost couriers that they add to their fees."""
        return share

    def most_passed_on_usd(self) -> float:
        """Return the most of it that they add to a fee, $."""
        return inf

    def cost_days(self) -> float:
        """Return over how many days couriers average what policies cost."""
        return 1.0

    def promise(self, promise: PromiseSettings) -> PromiseSettings:
        """Change what a gig courier promises."""
        return promise

    # What customers and stores pay and get.

    def tax(self, basket_usd: Floats, fulfilment: Fulfilment) -> Floats:
        """Return the tax on one delivery of each basket, $; where it is placed, on those with the door inside."""
        del fulfilment
        return np.zeros_like(basket_usd)

    def meal_tax(self, basket_usd: Floats) -> Floats:
        """Return the tax on the delivery of one meal of each basket, $; placed like `tax`."""
        return np.zeros_like(basket_usd)

    def toll(self, home: Ints, store: Ints, km: Floats, depart_s: Floats) -> Floats:
        """Return what customers pay the public for their own trips to stores and back, float64 [n], $; km one way."""
        del home, store, depart_s
        return np.zeros(len(km))

    def subsidy(self, subsidy: Subsidy, spent_usd: float) -> Subsidy:
        """Change what mall stores get for being on mall-direct, after so much was spent on it."""
        del spent_usd
        return subsidy

    def listing(self, listed: Bools, mall_direct: int | None) -> Bools:
        """Change which mall stores (rows) are on which gig couriers (columns), bool [r, k]."""
        del mall_direct
        return listed

    def allows_exclusivity(self) -> bool:
        """Return whether stores may bind themselves to one courier."""
        return True

    # What vans pay, and what vehicles emit.

    def tour_charge(self, depot: int, km: float, routes: float, doors: Ints) -> float:
        """Return what a courier pays the public for a day's van tours to doors, $."""
        del depot, km, routes, doors
        return 0.0

    def emission(self, kg_per_km: float, vehicle: Vehicle) -> float:
        """Change the CO2 of a kilometre of gig drivers' cars or of vans, kg/km."""
        del vehicle
        return kg_per_km


POLICIES = Registry[type[Policy[Any]]]("policy")
POLICIES.add("neutral", Policy)


def policy[P: type[Policy[Any]]](kind: str) -> Callable[[P], P]:
    """Register a policy class under the name its YAML gives as `kind`."""

    def register(cls: P) -> P:
        POLICIES.add(kind, cls)
        return cls

    return register


def kind_of(name: str, given: Mapping[str, Any]) -> str:
    """Return the kind of a policy: the one it names, or its own name."""
    return str(given.get("kind", name))


def parse_policy(name: str, given: Mapping[str, Any]) -> PolicySettings:
    """Validate the parameters of a policy by the settings class of its kind.

    Raises
    ------
    ValueError
        There is no such kind; pydantic's ValidationError, which is one, for what is wrong with the parameters.
    """
    return POLICIES[kind_of(name, given)].Settings(**given)
