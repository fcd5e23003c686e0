"""How base pay is set from week to week: each courier tries five levels on what the week has shown (model 7.6)."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from galleria.agents.couriers.courier import Courier
from galleria.agents.drivers.contracts import NOBODY
from galleria.agents.drivers.labour import LabourSupply
from galleria.agents.drivers.vehicles import driving_usd_per_km
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.pricing.pay import Levels, PayGame
from galleria.models.settings.strategy import PayChoiceSettings
from galleria.models.strategy.case import Conditions
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.seen import conditions_seen
from galleria.models.world import World

DELAYS_MIN = (-10.0, -5.0, 0.0, 5.0, 10.0, 20.0, 40.0)
"""Changes of the pick-up time at which demand is worked out; between them it is read off straight lines."""


class PayWeek(NamedTuple):
    """One courier's base pay in one week, and what was known at its end.

    `regret_usd_per_day` is what its firm could have gained by the best other of five levels around it, by the supply
    curve and the analytic demand at the conditions of the week, all other pay as it was.
    """

    week: int
    courier: str
    firm: str
    base_usd: float
    pickup_min: float
    idle_drivers: float
    regret_usd_per_day: float


class PayDesk:
    """Sets the base pay of all couriers with drivers paid by the offer, at the start of each week but the first.

    Parameters
    ----------
    world
        Whose couriers decide.
    desk
        Works out demand at conditions.
    settings
        Grid and limits.
    """

    def __init__(self, world: World, desk: Desk, settings: PayChoiceSettings) -> None:
        self.world, self.settings = world, settings
        self.weeks: list[PayWeek] = []
        self._desk = desk
        self._game: PayGame | None = None
        self._first_order, self._first_day = 0, 0
        self._idle_s = 0.0

    def set_pay(self) -> None:
        """Let each courier take the best level for what was seen; in the first week nothing was."""
        self._first_order, self._first_day = self.world.orders.count, self.world.clock.day
        if self._game is not None:
            base_usd = self._game.respond(self._game.pay_usd)
            for number in self._game.sets_pay.tolist():
                self.world.couriers[number].posted.set_base_pay(float(base_usd[number]))

    def review(self, week: int) -> None:
        """Look back at a week that ends, and report on the pay in force."""
        days = max(1, len(self.world.memory.days) - self._first_day)
        rows = self._delivered()
        idle_s = float(self.world.drivers.idle_s.sum())
        idle, self._idle_s = (idle_s - self._idle_s) / (days * DAY_S), idle_s
        if not len(rows):
            return
        seen = self._desk.expected().averaged(conditions_seen(self.world, self._first_order, days), 1.0)
        self._game = game = self._play(rows, seen)
        for number in game.sets_pay.tolist():
            courier = self.world.couriers[number]
            gain_usd = game.best_pay(number, game.pay_usd)[1] * self._desk.occasions_per_day
            self.weeks.append(
                PayWeek(
                    week,
                    courier.name,
                    courier.settings.firm,
                    float(game.pay_usd[number]),
                    60 * game.service(game.pay_usd, 0.0).pickup_h,
                    idle,
                    gain_usd,
                )
            )

    def frame(self) -> pd.DataFrame:
        """Write one row a courier and week."""
        return pd.DataFrame(self.weeks, columns=list(PayWeek._fields))

    def _delivered(self) -> Ints:
        """Return the rows of the week's orders that drivers paid by the offer have delivered."""
        orders = self.world.orders
        rows = np.arange(self._first_order, orders.count)
        paid = self._payer[orders.courier[rows]] != NOBODY
        return np.asarray(rows[paid & (orders.status[rows] == Status.DELIVERED)])

    @property
    def _payer(self) -> Ints:
        """Return the couriers whose pay drivers get for each courier's orders, int64 [J]."""
        names, pooled = self.world.channels.names, self.world.settings.strategy.pooled
        payer = np.full(len(self.world.couriers), NOBODY, np.int64)
        for courier in self.world.couriers:
            if courier.settings.by_gig_drivers and courier.settings.paid_by_offer:
                payer[courier.number] = names.index(pooled.get(courier.name, courier.name))
        return payer

    def _play(self, rows: Ints, seen: Conditions) -> PayGame:
        """Work out the game of base pay from delivered orders and the conditions that were seen."""
        world, orders, drivers = self.world, self.world.orders, self.world.settings.drivers
        payer, couriers, number = self._payer, len(world.couriers), orders.courier[rows]
        delay_h = np.array(DELAYS_MIN) / 60
        games = self._desk.games([_later(seen, each, payer) for each in delay_h.tolist()])
        price_usd = self._desk.price_usd
        customers, wage = world.settings.customers, drivers.reservation
        sd_log = float(np.hypot(wage.sd_log, wage.hourly_sd_log))
        pool = float(world.drivers.in_pool.sum())
        km = orders.pickup_km[rows] + orders.loaded_km[rows]
        usd_per_km = driving_usd_per_km(drivers, world.drivers.vehicle[orders.driver[rows]])
        net_usd = orders.pay_usd[rows] + orders.tip_usd[rows] - usd_per_km * km
        pickup_h, busy_h = _trip_hours(orders, rows)
        game = PayGame(
            delay_h=delay_h,
            share=np.array([game.demand.shares(price_usd)[:couriers] for game in games]),
            profit_usd=np.array([game.profits(price_usd) for game in games]),
            pay_usd=np.array([_base_usd(courier) for courier in world.couriers]),
            payer=payer,
            trips_per_order=_mean_by(number, 1 / orders.bundle[rows], couriers),
            net_usd=_mean_by(number, net_usd, couriers),
            ownership=games[0].ownership,
            occasions_per_h=self._desk.occasions_per_day * np.array(customers.hour_weights),
            supply=tuple(LabourSupply(pool, wage.median_usd_per_h * taste, sd_log) for taste in drivers.hour_taste),
            busy_h=busy_h,
            pickup_h=1.0,
            levels=Levels(self.settings.step_usd, self.settings.lowest_usd, self.settings.highest_usd),
        )
        return game.fitted(pickup_h)


def _later(seen: Conditions, delay_h: float, payer: Ints) -> Conditions:
    """Make the quotes of couriers with drivers paid by the offer longer by a delay."""
    quote_h = np.maximum(0.0, seen.quote_h + np.where(payer != NOBODY, delay_h, 0.0))
    return Conditions(quote_h, seen.unit_cost_usd)


def _base_usd(courier: Courier) -> float:
    return courier.posted.pay.base_usd


def _trip_hours(orders: Orders, rows: Ints) -> tuple[float, float]:
    """Return the mean time of trips to the store, and from there to the last door, h."""
    trip = np.unique(orders.trip[rows], return_inverse=True)[1]
    trips = int(trip.max()) + 1
    accepted_s, arrived_s, end_s = np.full(trips, np.inf), np.full(trips, np.inf), np.zeros(trips)
    np.minimum.at(accepted_s, trip, orders.accepted_s[rows])
    np.minimum.at(arrived_s, trip, orders.arrived_s[rows])
    np.maximum.at(end_s, trip, orders.delivered_s[rows])
    return float((arrived_s - accepted_s).mean()) / HOUR_S, float((end_s - arrived_s).mean()) / HOUR_S


def _mean_by(number: Ints, values: Floats, size: int) -> Floats:
    """Average values by courier, 0 where there are none."""
    count = np.bincount(number, minlength=size)
    return np.asarray(np.bincount(number, values, minlength=size) / np.maximum(count, 1))
