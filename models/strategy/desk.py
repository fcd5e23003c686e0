"""The pricing desk of a market: the analytic demand and the unit costs that fees are set on (model 7.6).

The demand is that of the calibration sample, at today's terms, stores, policies and remembered lateness, with one quote
a courier. What a courier's order costs, and what it quotes, are first expected and then taken from simulated days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from agents.couriers.pay import pay
from agents.couriers.settings import GigCourierSettings, VanCourierSettings
from agents.couriers.tour_plan import plan_tours
from agents.customers.choice_set import ChoiceSet
from agents.customers.households import Households, Occasions
from agents.customers.terms import Terms
from agents.fleets.vans import VanFleet
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import HOUR_S
from agents.kernel.order import Status
from agents.pricing.fees import Demand, FeeGame, ownership_of
from agents.regulator.policy import Ride
from models.demand.draw import draw_households, draw_occasions
from models.settings.strategy import FixedFeesSettings, HillClimbSettings, NashSettings
from models.streams import CALIBRATION, Streams
from models.supply.terms import TermsDesk
from models.world import World


@dataclass(frozen=True)
class Conditions:
    """What fees are set on, float64 [J], one entry a courier; nan where nothing is known.

    Attributes
    ----------
    quote_h
        Hours quoted from order to departure, or to the door by van.
    unit_cost_usd
        What one more order costs: pay or vans, support, credits for late parcels, less what surges brought, $.
    """

    quote_h: Floats
    unit_cost_usd: Floats

    def averaged(self, seen: "Conditions", weight: float) -> "Conditions":
        """Move towards what was seen, where something was, by the method of successive averages."""
        return Conditions(
            _towards(self.quote_h, seen.quote_h, weight), _towards(self.unit_cost_usd, seen.unit_cost_usd, weight)
        )


class Sample(NamedTuple):
    """The shoppers on whom demand is worked out: those of the calibration."""

    households: Households
    occasions: Occasions


class Desk:
    """Works out games of fees for a market as it stands.

    Parameters
    ----------
    world
        Whose couriers set fees.
    terms
        What couriers offer today.
    settings
        Which fees are set, between which limits; none, where they are fixed.
    """

    def __init__(
        self,
        world: World,
        terms: TermsDesk,
        settings: FixedFeesSettings | HillClimbSettings | NashSettings,
    ) -> None:
        self.world, self.terms = world, terms
        self.growth_usd = settings.growth_usd_per_order if isinstance(settings, NashSettings) else 0.0
        self._of: tuple[str, ...] = ()
        self._limits_usd = (0.0, np.inf)
        if not isinstance(settings, FixedFeesSettings):
            self._of, self._limits_usd = settings.of, (settings.lowest_usd, settings.highest_usd)

    @cached_property
    def sample(self) -> Sample:
        """The shoppers on whom demand is worked out."""
        world, customers = self.world, self.world.settings.customers
        streams, size = Streams(world.settings.run.seed, CALIBRATION), customers.calibration.sample
        households = draw_households(customers, world.city, size, streams)
        occasions = draw_occasions(
            customers,
            world.settings.retailers,
            households,
            0,
            streams,
            world.channels.names,
            world.channels.nests,
            size,
        )
        occasions.household[:] = np.arange(size)
        return Sample(households, occasions)

    @property
    def occasions_per_day(self) -> float:
        """Expected shopping occasions of a day."""
        return len(self.world.households) * self.world.settings.customers.occasions_per_household_day

    @property
    def priced(self) -> Ints:
        """Numbers of the couriers whose fees are set now."""
        couriers = enumerate(self.world.couriers)
        return np.array(
            [k for k, each in couriers if each.posted.active and each.settings.fulfilment in self._of], np.int64
        )

    @property
    def fees_usd(self) -> Floats:
        """Fees as posted, float64 [J]."""
        return np.array([courier.posted.fee_usd for courier in self.world.couriers])

    def shares(self) -> Floats:
        """Return the channels' shares of occasions at today's terms, fees and quotes, float64 [C]."""
        quote_h = self._quote_h
        return self._demand(self._choices(self._terms()), quote_h).shares(self.fees_usd)

    def game(self, conditions: Conditions) -> FeeGame:
        """Work out the game of fees under some conditions."""
        return self.games([conditions])[0]

    def games(self, several: Sequence[Conditions]) -> list[FeeGame]:
        """Work out the games of fees under several conditions."""
        terms = self._terms()
        choices = self._choices(terms)
        return [self._game(terms, choices, conditions) for conditions in several]

    def _game(self, terms: list[Terms], choices: ChoiceSet, conditions: Conditions) -> FeeGame:
        margin_usd = np.stack(
            [
                (offer.service_rate + offer.commission - courier.settings.processing_rate) * self._basket_usd
                + offer.added_fee_usd
                + (offer.commission_usd + self.growth_usd - cost)
                for courier, offer, cost in zip(self.world.couriers, terms, conditions.unit_cost_usd, strict=True)
            ],
            axis=1,
        )
        priced = np.zeros(len(terms), np.bool_)
        priced[self.priced] = True
        return FeeGame(
            self._demand(choices, conditions.quote_h),
            margin_usd,
            ownership_of(tuple(courier.settings.firm for courier in self.world.couriers)),
            priced,
            *self._limits_usd,
        )

    def expected(self) -> Conditions:
        """Expect conditions before anything was seen: the present quotes, the pay of the sample's orders, tours."""
        couriers, roads = self.world.couriers, self.world.roads
        quote_h = self._quote_h
        choices = self._choices(self._terms())
        chance = self._demand(choices, quote_h).of_couriers(self.fees_usd)[0]
        home = self.sample.households.home
        cost_usd = np.array([courier.settings.support_usd for courier in couriers])
        for number, courier in enumerate(couriers):
            likely = chance[:, number]
            if isinstance(courier.settings, GigCourierSettings) and likely.sum() > 0:
                km = roads.km(choices.origin[:, number], home)
                minutes = 60 * (choices.drive_h[:, number] - self.world.shopping.door_h)
                store = choices.origin[:, number]
                nothing = np.zeros(len(km))
                ride = Ride(store, store, home, self.sample.occasions.arrive_s, nothing, km, minutes, nothing)
                paid_usd = self.world.regulator.offer(pay(courier.posted.pay, km, minutes), ride)
                # As if drivers never waited: out and back, and the hand-overs.
                trip_h = minutes / 30 + self.world.shopping.door_h + self.world.settings.retailers.handover_min / 60
                paid_usd = np.maximum(paid_usd, self.world.regulator.hourly_pay_usd * trip_h)
                cost_usd[number] += hired_usd(courier.settings) or float(np.average(paid_usd, weights=likely))
            elif isinstance(courier.fleet, VanFleet):
                cost_usd[number] += marginal_tour_usd(courier.fleet, float(likely.mean()) * self.occasions_per_day)
        return Conditions(quote_h, cost_usd)

    def seen(self, first_order: int, days: int) -> Conditions:
        """Take conditions from the orders placed from row `first_order` on, in so many days."""
        orders, couriers, roads = self.world.orders, self.world.couriers, self.world.roads
        rows = np.arange(first_order, orders.count)
        quote_h, cost_usd = np.full(len(couriers), np.nan), np.full(len(couriers), np.nan)
        for number, courier in enumerate(couriers):
            mine = rows[orders.courier[rows] == number]
            delivered = mine[orders.status[mine] == Status.DELIVERED]
            if not len(mine):
                continue
            quoted_h = orders.quoted_s[mine] / HOUR_S
            if isinstance(courier.settings, VanCourierSettings):
                quote_h[number] = quoted_h.mean()
            else:
                drive_s = roads.drive_s(orders.origin[mine], orders.destination[mine], orders.placed_s[mine])
                quote_h[number] = (quoted_h - drive_s / HOUR_S).mean() - self.world.shopping.door_h
            support_usd = courier.settings.support_usd
            if isinstance(courier.fleet, VanFleet):
                cost_usd[number] = support_usd + marginal_tour_usd(courier.fleet, len(mine) / days)
            elif len(delivered):
                cost_usd[number] = support_usd
                if isinstance(courier.settings, GigCourierSettings):
                    cost_usd[number] += hired_usd(courier.settings) or float(orders.pay_usd[delivered].mean())
                    late = orders.delivered_s[delivered] > orders.promised_s[delivered]
                    credit_usd = (orders.credit_usd[delivered] * late).mean()
                    top_up_usd = sum(float(each[number]) for each in self.world.memory.top_ups_usd[-days:])
                    cost_usd[number] += top_up_usd / len(delivered)
                    cost_usd[number] += credit_usd - orders.surge_usd[delivered].mean()
        return Conditions(quote_h, cost_usd)

    @property
    def _quote_h(self) -> Floats:
        return np.array([courier.quote_h for courier in self.world.couriers])

    @property
    def _basket_usd(self) -> Floats:
        return self.sample.occasions.basket_usd

    def _terms(self) -> list[Terms]:
        return self.terms.of_all(self._basket_usd, self.sample.households.home)

    def _choices(self, terms: list[Terms]) -> ChoiceSet:
        """Work out what the sample has before it if nothing is charged for delivery."""
        free = [replace(offer, fee_usd=0.0) for offer in terms]
        world = self.world
        return world.shopping.choice_set(
            self.sample.occasions, self.sample.households, free, world.channels.constants, world.memory.lateness_h
        )

    def _demand(self, choices: ChoiceSet, quote_h: Floats) -> Demand:
        world = self.world
        every_h = np.zeros((len(choices.drive_h), len(world.channels.names)))
        every_h[:, : len(quote_h)] = quote_h
        for number, courier in enumerate(world.couriers):
            promised_h = courier.posted.promise.hours
            if promised_h is not None:
                every_h[:, number] = promised_h - choices.drive_h[:, number]
        utility = choices.quoted(slice(None), every_h, world.settings.customers.quote_cap_h)
        return Demand(utility, self.sample.households.price_sensitivity, world.channels.nests, len(quote_h))


def hired_usd(settings: GigCourierSettings) -> float:
    """Return what one more order costs in hours of drivers under contract, 0 for pay by the offer, $."""
    contract = settings.contract
    return 0.0 if settings.paid_by_offer else contract.usd_per_h / contract.orders_per_driver_h


def marginal_tour_usd(fleet: VanFleet, parcels: float) -> float:
    """Return what one more parcel a day adds to the cost of tours, $; at least one parcel is assumed."""
    tours, number = fleet.settings.tours, max(1, round(parcels))
    cost = [plan_tours(n, fleet.area_km2, fleet.depot_km, tours).cost_usd(tours) for n in (number, number + 1)]
    return cost[1] - cost[0]


def _towards(old: Floats, new: Floats, weight: float) -> Floats:
    known = np.where(np.isfinite(new), new, old)
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(old), old + weight * (known - old), known)
