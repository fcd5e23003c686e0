"""The regulator: applies the policies in force, in the order in which the config names them (model 8).

Each hook gives what a policy does at full strength. The regulator goes from what is without the policy towards that by
the strength of the day, and leaves alone what lies outside the policy's zones. A regulator without policies changes no
bit of a run.
"""

from collections.abc import Callable, Mapping
from math import inf
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from galleria.agents.couriers.kinds.base import Fulfilment
from galleria.agents.couriers.quotes import PromiseSettings
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.regulator.policy import POLICIES, Ground, Policy, PolicySettings, Ride, Subsidy, Vehicle


class Regulator(mesa.Agent):  # type: ignore[misc]  # Mesa is untyped
    """Applies policies.

    Parameters
    ----------
    model
        The market.
    settings
        Of the policies, by name.
    ground
        Where places lie.

    Attributes
    ----------
    in_force
        The policies of the day with their strengths, above 0.
    removed
        Whether policies end with the next day.
    """

    def __init__(self, model: mesa.Model, settings: Mapping[str, PolicySettings], ground: Ground) -> None:
        super().__init__(model)
        self.ground = ground
        self.policies = [POLICIES[parameters.kind](parameters) for parameters in settings.values()]
        for each in self.policies:
            each.survey(ground)
        self.in_force: list[tuple[Policy[Any], float]] = []
        self.removed = False
        self.open_day(0)

    def open_day(self, day: int) -> bool:
        """Put the policies of the day in force; tell whether anything changes."""
        before = self.in_force
        if self.removed:
            self.policies = []
        with_strength = [(each, each.settings.strength(day)) for each in self.policies]
        self.in_force = [(each, strength) for each, strength in with_strength if strength > 0]
        return self.in_force != before

    def remove(self) -> None:
        """Let all policies end with the next day."""
        self.removed = True
        super().remove()

    def offer(self, pay_usd: Floats, ride: Ride) -> Floats:
        """Return the pay of offers after all policies, float64 [m], $."""
        for each, strength in self.in_force:
            pay_usd = _inside(each, ride.door, pay_usd, _towards(pay_usd, each.offer(pay_usd, ride), strength))
        return pay_usd

    def charge(self, ride: Ride) -> Floats:
        """Add up what drivers pay the public for trips, float64 [m], $."""
        total = np.zeros(len(ride.minutes))
        for each, strength in self.in_force:
            total = total + strength * each.charge(ride)
        return total

    def acceptance(self, scale_usd: float) -> float:
        """Return the scale of the noise with which drivers answer offers, $."""
        return self._after(scale_usd, lambda each, now: each.acceptance(now))

    def relocation(self, theta_per_usd: float) -> float:
        """Return how strongly idle drivers go to zones where waiting is worth more, 1/$; 0 for staying."""
        return self._after(theta_per_usd, lambda each, now: each.relocation(now))

    @property
    def may_relocate(self) -> bool:
        """Whether some policy, now or later, makes idle drivers go to other zones."""
        return any(each.relocation(0.0) > 0 for each in self.policies)

    @property
    def shared_earnings(self) -> float:
        """How far drivers learn what all earned, 0 to 1."""
        return self._after(0.0, lambda each, now: each.shared_earnings(now))

    def homing(self, apps: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the couriers each may work for, bit masks; a policy of strength s binds the first share s."""
        for each, strength in self.in_force:
            bound = round(strength * len(apps))
            apps = np.concatenate([each.homing(apps)[:bound], apps[bound:]])
        return apps

    @property
    def hourly_pay_usd(self) -> float:
        """Least mean pay of an hour on line, $; 0 for none."""
        return self._after(0.0, lambda each, now: each.hourly_pay(now))

    @property
    def trip_pay_usd(self) -> float:
        """Least pay of each driver's hour on trips, $; 0 for none."""
        return self._after(0.0, lambda each, now: each.trip_pay(now))

    @property
    def staffs_at_least_cost(self) -> bool:
        """Whether couriers let in as many drivers as cost them least: all, where hours on line cost them nothing."""
        return any(each.staffs_at_least_cost() for each, _ in self.in_force)

    @property
    def peak_sd(self) -> float:
        """Drivers whom couriers that cap log-ins let in beyond the mean need, in standard deviations of the need."""
        return max((each.peak_sd() for each, _ in self.in_force), default=0.0)

    @property
    def tiers(self) -> int:
        """In how many groups by their record couriers that cap log-ins let drivers in; 1 for by lot."""
        return max((each.tiers() for each, _ in self.in_force), default=1)

    @property
    def utilisation(self) -> float:
        """Share of the time on line that couriers want drivers engaged at least; 0 for no log-in cap."""
        return self._after(0.0, lambda each, now: each.utilisation(now))

    def commission(self, rate: float, fulfilment: Fulfilment) -> float:
        """Return a courier's commission after all policies, as a share of the basket; only gig couriers' are capped."""
        return self._after(rate, lambda each, now: each.commission(now)) if fulfilment == "gig" else rate

    def commission_of_independents(self, rate: float, fulfilment: Fulfilment) -> float:
        """Return the same of mall stores that belong to no chain."""
        if fulfilment != "gig":
            return rate
        return self._after(rate, lambda each, now: each.commission_of_independents(now))

    @property
    def weight_of_capped(self) -> float:
        """How often couriers show a store whose commission policies lower beside others, 1 for as often."""
        return self._after(1.0, lambda each, now: each.weight_of_capped(now))

    def asks_before(self, share: float) -> float:
        """Return the share of orders whose customers are asked for a tip before they pay; laws come last."""
        answered = self._after(share, lambda each, now: each.asks_before(now))
        return self._after(answered, lambda each, now: each.must_ask_before(now))

    def added_fee(self, fee_usd: Floats | float, home: Ints, fulfilment: Fulfilment) -> Floats:
        """Return what comes to a courier's fees, float64 [n], $, for orders to these homes by policies, float64 [n]."""
        posted = np.broadcast_to(fee_usd, np.shape(home))
        fee = posted
        for each, strength in self.in_force:
            fee = _inside(each, home, fee, _towards(fee, each.fee(fee, fulfilment), strength))
        return np.asarray(fee - posted)

    @property
    def passed_on(self) -> float:
        """Share of what policies cost couriers that they add to their fees."""
        return self._after(0.0, lambda each, now: each.passed_on(now))

    @property
    def most_passed_on_usd(self) -> float:
        """Most that they add to a fee, $; inf for no limit."""
        return min((each.most_passed_on_usd() for each, _ in self.in_force), default=inf)

    @property
    def cost_days(self) -> float:
        """Days over which couriers average what policies cost, also before they pass it on."""
        return max((each.cost_days() for each in self.policies), default=1.0)

    def promise(self, promise: PromiseSettings, fulfilment: Fulfilment) -> PromiseSettings:
        """Return what a courier promises; only those with gig drivers can be bound."""
        if fulfilment != "gig":
            return promise
        for each, _ in self.in_force:
            promise = each.promise(promise)
        return promise

    def tax(self, basket_usd: Floats, home: Ints, fulfilment: Fulfilment) -> Floats:
        """Add up the taxes on one delivery of each basket to its home, float64 [n], $."""
        total = np.zeros_like(basket_usd)
        for each, strength in self.in_force:
            total = _inside(each, home, total, total + strength * each.tax(basket_usd, fulfilment))
        return total

    def meal_tax(self, basket_usd: Floats, home: Ints) -> Floats:
        """Add up the taxes on the delivery of one meal of each basket to its home, float64 [n], $."""
        total = np.zeros_like(basket_usd)
        for each, strength in self.in_force:
            total = _inside(each, home, total, total + strength * each.meal_tax(basket_usd))
        return total

    def toll(self, home: Ints, store: Ints, km: Floats, depart_s: Floats) -> Floats:
        """Add up what customers pay the public for trips to stores and back, float64 [n], $; km one way."""
        total = np.zeros(len(km))
        for each, strength in self.in_force:
            total = total + strength * each.toll(home, store, km, depart_s)
        return total

    def subsidy(self, spent_usd: float) -> Subsidy:
        """Return what mall stores get for being on mall-direct, after so much was spent on it."""
        subsidy = Subsidy(0.0, 0.0)
        for each, strength in self.in_force:
            full = each.subsidy(subsidy, spent_usd)
            subsidy = Subsidy(*(_towards(a, b, strength) for a, b in zip(subsidy, full, strict=True)))
        return subsidy

    def listing(self, listed: Bools, mall_direct: int | None) -> Bools:
        """Return which mall stores (rows) are on which gig couriers (columns), bool [r, k]."""
        for each, strength in self.in_force:
            bound = round(strength * len(listed))
            listed = np.concatenate([each.listing(listed, mall_direct)[:bound], listed[bound:]])
        return listed

    @property
    def allows_exclusivity(self) -> bool:
        """Whether stores may bind themselves to one courier."""
        return all(each.allows_exclusivity() for each, _ in self.in_force)

    def tour_charge(self, depot: int, km: float, routes: float, doors: Ints) -> float:
        """Add up what a courier pays the public for a day's van tours, $."""
        return sum(strength * each.tour_charge(depot, km, routes, doors) for each, strength in self.in_force)

    def emission(self, kg_per_km: float, vehicle: Vehicle) -> float:
        """Return the CO2 of a kilometre, kg/km."""
        return self._after(kg_per_km, lambda each, now: each.emission(now, vehicle))

    def _after(self, value: float, hook: Callable[[Policy[Any], float], float]) -> float:
        """Return a number after all policies; the hook says what one makes of it at full strength."""
        for each, strength in self.in_force:
            value = _towards(value, hook(each, value), strength)
        return value


def unregulated() -> Regulator:
    """Make a regulator without policies, for a laboratory without a market."""
    return Regulator(mesa.Model(rng=0), {}, Ground(np.zeros(0, np.int64), np.zeros(0, np.bool_)))


def _towards[T: (float, Floats)](before: T, after: T, strength: float) -> T:
    """Go from one value towards another, all the way at strength 1."""
    return after if strength == 1 else before + strength * (after - before)


def _inside(policy: Policy[Any], place: Ints, before: Floats, after: Floats) -> Floats:
    """Keep what was before at places where the policy does not hold."""
    return after if policy.inside is None else np.where(policy.inside[place], after, before)
