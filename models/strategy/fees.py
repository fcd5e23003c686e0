"""How fees are set from week to week: left alone, by hill-climbing, or in Bertrand-Nash equilibrium (model 7.6)."""

from typing import NamedTuple, Protocol

import numpy as np
import pandas as pd

from galleria.agents.kernel.arrays import Floats
from galleria.agents.pricing.equilibrium import bertrand_nash, best_response
from galleria.agents.pricing.fees import FeeGame
from galleria.agents.pricing.tariffs import TariffGame, best_tariff
from galleria.models.settings.strategy import FixedFeesSettings, HillClimbSettings, NashSettings
from galleria.models.strategy.case import Conditions
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.pressure import pressure_frame
from galleria.models.strategy.seen import conditions_seen
from galleria.models.world import World

REGRET_TOLERANCE_USD = 1e-2


class FeeWeek(NamedTuple):
    """One courier's fee and service rate in one week, and what was known at its end.

    `value_usd` is what an order with a mean basket is worth beside its margin; `profit_usd_per_day` and the regret
    count it. `regret_usd_per_day` is what the firm could have gained by the best other fee of this courier (and rate,
    where these are set), on the analytic demand at the quotes and unit costs of the week, all others as they were.
    """

    week: int
    courier: str
    firm: str
    fee_usd: float
    service_rate: float
    quote_h: float
    unit_cost_usd: float
    value_usd: float
    share: float
    profit_usd_per_day: float
    regret_usd_per_day: float


class FeeRule(Protocol):
    """How fees are set."""

    def set_fees(self, week: int) -> None:
        """Set the fees of a week that begins."""

    def unsettle(self) -> None:
        """Begin anew: a courier has entered or left."""

    def review(self, week: int) -> list[FeeWeek]:
        """Look back at a week that ends."""

    def pressure(self) -> pd.DataFrame:
        """Return the pressure that mergers would put on fees, see `pressure_frame`."""


class FixedFees:
    """Fees stay as they are posted."""

    def set_fees(self, week: int) -> None:
        """Leave fees alone."""

    def unsettle(self) -> None:
        """Leave fees alone."""

    def review(self, week: int) -> list[FeeWeek]:
        """Keep no record: nothing changes."""
        del week
        return []

    def pressure(self) -> pd.DataFrame:
        """Work out nothing: there is no game of fees."""
        return pd.DataFrame()


class _Observer:
    """Remembers where the week began, and reports on it."""

    def __init__(self, world: World, desk: Desk) -> None:
        self.world = world
        self.desk = desk
        self.first_order, self.first_day = 0, 0
        self.last: tuple[FeeGame, Floats, Floats] | None = None

    def begin(self) -> None:
        """Begin a week."""
        self.first_order, self.first_day = self.world.orders.count, self.world.clock.day

    def seen(self) -> Conditions:
        """Take the conditions of the week so far."""
        return conditions_seen(self.world, self.first_order, max(1, len(self.world.memory.days) - self.first_day))

    def report(self, week: int, game: FeeGame, conditions: Conditions) -> list[FeeWeek]:
        """Report on the fees, and rates, in force under some conditions."""
        desk, days = self.desk, self.desk.occasions_per_day
        fees, rates, price_usd = desk.fees_usd, desk.rates, desk.price_usd
        share, profit = game.demand.shares(price_usd), game.profits(price_usd)
        self.last = game, price_usd, fees
        rows = []
        for number in desk.priced.tolist():
            courier = self.world.couriers[number]
            gain = self._regret_usd(game, number)
            rows.append(
                FeeWeek(
                    week,
                    courier.name,
                    courier.settings.firm,
                    float(fees[number]),
                    float(rates[number]),
                    float(conditions.quote_h[number]),
                    float(conditions.unit_cost_usd[number]),
                    float(desk.values_usd[number]),
                    float(share[number]),
                    float(profit[number]) * days,
                    gain * days,
                )
            )
        return rows

    def _regret_usd(self, game: FeeGame, courier: int) -> float:
        """Return what the best other fee, or fee and rate, of a courier would gain, $ per occasion."""
        fees, settings = self.desk.fees_usd, self.world.settings.strategy.fees
        if isinstance(settings, NashSettings) and self.desk.sets_rates:
            tariffs = TariffGame(game, self.desk.basket_usd, settings.highest_rate)
            return best_tariff(tariffs, courier, np.stack([fees, self.desk.rates]))[1]
        return best_response(game, courier, fees, REGRET_TOLERANCE_USD)[1]

    def pressure(self) -> pd.DataFrame:
        """Return the pressure of mergers at the fees and conditions last reported."""
        return pressure_frame(*self.last, self.world.couriers) if self.last else pd.DataFrame()


class NashFees:
    """All firms play the equilibrium of the analytic game, with quotes and unit costs fed back week by week.

    The conditions of the k-th week of feedback enter with weight 1 / k (method of successive averages), until no fee
    and no quote moves by more than the settings allow; then fees stay.
    """

    def __init__(self, world: World, desk: Desk, settings: NashSettings) -> None:
        self.settings = settings
        self.world = world
        self.desk = desk
        self.observer = _Observer(world, self.desk)
        self.conditions: Conditions | None = None
        self.weeks_seen = 0
        self.quotes_settled = self.settled = False

    def set_fees(self, week: int) -> None:
        """Solve the game unless everything has settled."""
        del week
        self.observer.begin()
        if self.settled:
            return
        if self.conditions is None:
            self.conditions = self.desk.anticipated()
        before = np.stack([self.desk.fees_usd, self.desk.rates])
        after = self._equilibrium(self.desk.game(self.conditions), before)
        for courier, fee, rate in zip(self.world.couriers, *after.tolist(), strict=True):
            courier.posted.fee_usd, courier.posted.service_rate = fee, rate
        fee_usd, rate_usd = np.abs(after - before)
        moved = float((fee_usd + rate_usd * self.world.settings.customers.basket.mean_usd).max(initial=0.0))
        self.settled = self.quotes_settled and moved <= self.settings.settled_fee_usd

    def _equilibrium(self, game: FeeGame, before: Floats) -> Floats:
        """Return the fees and service rates of the equilibrium, float64 [2, J]; rates stay where fees alone are set."""
        settings = self.settings
        if not self.desk.sets_rates:
            fees = bertrand_nash(game, before[0], settings.tolerance_usd, settings.damping)
            return np.stack([fees, before[1]])
        tariffs = TariffGame(game, self.desk.basket_usd, settings.highest_rate)
        return bertrand_nash(tariffs, before, settings.tolerance_usd, settings.damping)

    def unsettle(self) -> None:
        """Average anew from the next week on."""
        self.weeks_seen, self.quotes_settled, self.settled = 0, False, False

    def review(self, week: int) -> list[FeeWeek]:
        """Feed back what was seen, and report with the regret of the fees in force."""
        seen = self.observer.seen()
        old = self.conditions or seen
        self.weeks_seen += 1
        self.conditions = old.averaged(seen, 1 / self.weeks_seen)
        move = np.abs(self.conditions.quote_h / old.quote_h - 1)
        self.quotes_settled = bool(np.nanmax(move, initial=0.0) <= self.settings.settled_quote_share)
        now = old.averaged(seen, 1.0)
        return self.observer.report(week, self.desk.game(now), now)

    def pressure(self) -> pd.DataFrame:
        """Return the pressure that mergers would put on fees."""
        return self.observer.pressure()


class HillClimbFees:
    """Each firm moves one of its fees a step every week, and turns round when its profit per occasion fell."""

    def __init__(self, world: World, desk: Desk, settings: HillClimbSettings) -> None:
        self.world = world
        self.settings = settings
        self.desk = desk
        self.observer = _Observer(world, self.desk)
        self.direction = dict.fromkeys((courier.name for courier in world.couriers), 1.0)
        self.moved: dict[str, str] = {}
        self.balance_usd = np.zeros(len(world.settings.firms))
        self.profit_usd: dict[str, float] = {}

    def set_fees(self, week: int) -> None:
        """Move one fee of each firm; in the first week there is nothing to learn from."""
        self.observer.begin()
        if week == 0:
            return
        by_firm: dict[str, list[int]] = {}
        for number in self.desk.priced.tolist():
            by_firm.setdefault(self.world.couriers[number].settings.firm, []).append(number)
        for firm, numbers in by_firm.items():
            courier = self.world.couriers[numbers[week % len(numbers)]]
            wanted = courier.posted.fee_usd + self.direction[courier.name] * self.settings.step_usd
            courier.posted.fee_usd = float(np.clip(wanted, self.settings.lowest_usd, self.settings.highest_usd))
            self.moved[firm] = courier.name

    def unsettle(self) -> None:
        """Go on climbing from where fees are."""

    def review(self, week: int) -> list[FeeWeek]:
        """Compare each firm's profit per occasion with the week before, and report."""
        days = self.world.memory.days[self.observer.first_day :]
        occasions = max(1, sum(len(record.choice) for record in days))
        balance = self.world.ledger.balance_usd("firm") + self._volume_usd()
        earned = (balance - self.balance_usd) / occasions
        self.balance_usd = balance
        for firm, profit in zip(self.world.settings.firms, earned.tolist(), strict=True):
            if firm in self.moved and profit < self.profit_usd[firm]:
                self.direction[self.moved[firm]] *= -1
            self.profit_usd[firm] = profit
        seen = self.desk.expected().averaged(self.observer.seen(), 1.0)
        return self.observer.report(week, self.desk.game(seen), seen)

    def pressure(self) -> pd.DataFrame:
        """Return the pressure that mergers would put on fees."""
        return self.observer.pressure()

    def _volume_usd(self) -> Floats:
        """Return what the orders so far are worth to each firm beside its books, float64 [F], $."""
        firms, orders = self.world.settings.firms, self.world.orders
        count = np.bincount(orders.courier[: orders.count], minlength=len(self.world.couriers))
        owner = [firms.index(courier.settings.firm) for courier in self.world.couriers]
        return np.bincount(owner, count * self.desk.values_usd, minlength=len(firms))


def fee_rule(world: World, desk: Desk) -> FeeRule:
    """Choose the rule that the settings name."""
    settings = world.settings.strategy.fees
    if isinstance(settings, FixedFeesSettings):
        return FixedFees()
    return (
        NashFees(world, desk, settings) if isinstance(settings, NashSettings) else HillClimbFees(world, desk, settings)
    )


def fee_weeks_frame(weeks: list[FeeWeek]) -> pd.DataFrame:
    """Write one row a courier and week."""
    return pd.DataFrame(weeks, columns=list(FeeWeek._fields))
