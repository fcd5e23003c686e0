"""Strategy: who is in the market, and at which fees, week by week (model 3, 7.6)."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from agents.couriers.courier import Courier
from agents.couriers.settings import GigCourierSettings
from agents.drivers.apps import give_up, take_up
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import DAYS_PER_WEEK
from agents.kernel.noise import hashed_uniform
from agents.retailers.retailer import join_by_share
from models.strategy.desk import Desk
from models.strategy.fees import FeeWeek, fee_rule, fee_weeks_frame
from models.strategy.pay import PayDesk
from models.strategy.settings import EntrySettings
from models.streams import Stream

if TYPE_CHECKING:
    from models.market import Market


class Strategy:
    """Lets couriers enter and leave, and sets fees at the start of each week.

    Parameters
    ----------
    market
        Whose couriers decide. Couriers that enter later are absent from now on.
    """

    def __init__(self, market: "Market") -> None:
        self.market = market
        self.settings = market.settings.strategy
        self.weeks: list[FeeWeek] = []
        self.losing_weeks = dict.fromkeys(market.settlement.firms, 0)
        self._rule = fee_rule(market)
        self._pay = None if self.settings.pay is None else PayDesk(market, self.settings.pay)
        self._balance_usd = market.ledger.balance_usd("firm")
        self._key = market.streams.key(Stream.DRIVER, "entry and exit")
        self._reviewed = 0
        self._outside = {name: entry for name, entry in self.settings.entry.items() if self._courier(name).active}
        for name in self._outside:
            self._courier(name).active = False

    def open_day(self, day: int) -> None:
        """Carry out entries; when a week begins, exits and fees too."""
        for name, entry in list(self._outside.items()):
            if day >= entry.day and (not entry.if_profitable or self._pays(name, entry)):
                del self._outside[name]
                self._enter(self._courier(name))
        if day % DAYS_PER_WEEK == 0:
            self._leave_at_a_loss(day)
            self._rule.set_fees(day // DAYS_PER_WEEK)
            if self._pay is not None:
                self._pay.set_pay()

    def close_day(self, day: int) -> None:
        """Charge entrants for the day; look back at the week when it ends, or when the run does."""
        for name, entry in self.settings.entry.items():
            courier = self._courier(name)
            if courier.active and entry.cost_usd_per_week > 0:
                self.market.settlement.settle_presence(courier.number, entry.cost_usd_per_week / DAYS_PER_WEEK)
        last = day + 1 == self.market.settings.run.days
        if last or (day + 1) % DAYS_PER_WEEK == 0:
            self.weeks += self._rule.review(day // DAYS_PER_WEEK)
            if self._pay is not None:
                self._pay.review(day // DAYS_PER_WEEK)

    def frame(self) -> pd.DataFrame:
        """Write fees, conditions and regret by week and courier; empty where fees are fixed."""
        return fee_weeks_frame(self.weeks)

    def pay_frame(self) -> pd.DataFrame:
        """Write base pay and regret by week and courier; empty where pay stays as posted."""
        return pd.DataFrame() if self._pay is None else self._pay.frame()

    def pressure(self) -> pd.DataFrame:
        """Write the pressure that mergers would put on fees; empty where fees are fixed."""
        return self._rule.pressure()

    @cached_property
    def _desk(self) -> Desk:
        return Desk(self.market, self.settings.fees)

    def _courier(self, name: str) -> Courier:
        return next(each for each in self.market.couriers if each.name == name)

    def _pays(self, name: str, entry: EntrySettings) -> bool:
        """Return whether an entrant expects a week's profit above its cost, on analytic demand at the fees posted."""
        courier, stores = self._courier(name), self.market.stores
        as_it_is = stores.listed.copy()
        courier.active = True
        if isinstance(courier.settings, GigCourierSettings):
            priority = stores.priority[:, courier.number]
            stores.listed[:, courier.number] = join_by_share(priority, stores.mall, courier.settings.listed_share)
        desk = self._desk
        profit = float(desk.game(desk.expected()).profits(desk.fees_usd)[courier.number])
        courier.active = False
        stores.listed[:] = as_it_is
        return profit * desk.occasions_per_day * DAYS_PER_WEEK > entry.cost_usd_per_week

    def _enter(self, courier: Courier) -> None:
        """Open a courier: stores list it, drivers take up its app."""
        market, number = self.market, courier.number
        courier.active = True
        if isinstance(courier.settings, GigCourierSettings):
            market.membership.admit(number, courier.settings)
            apps = take_up(market.chosen_apps, number, self._others(number), self._noise(number))
            market.assign_apps(apps)
        self._rule.unsettle()

    def _leave(self, courier: Courier) -> None:
        """Close a courier; what drivers carry is still delivered, what waits for a driver is cancelled when overdue."""
        market, number = self.market, courier.number
        courier.active = False
        if isinstance(courier.settings, GigCourierSettings):
            market.membership.dismiss(number)
            market.hiring.dismiss(number)
            market.assign_apps(give_up(market.chosen_apps, number, self._others(number), self._noise(number)))
        self._rule.unsettle()

    def _leave_at_a_loss(self, day: int) -> None:
        """Close the couriers of each firm that has lost money for too many weeks and has no cash left."""
        if self.settings.exit is None or day == 0:
            return
        balance = self.market.ledger.balance_usd("firm")
        for firm, before, now in zip(
            self.market.settlement.firms, self._balance_usd.tolist(), balance.tolist(), strict=True
        ):
            self.losing_weeks[firm] = self.losing_weeks[firm] + 1 if now < before else 0
            cash_usd = self.settings.exit.initial_cash_usd + now
            if self.losing_weeks[firm] >= self.settings.exit.loss_weeks and cash_usd < 0:
                for courier in self.market.couriers:
                    if courier.settings.firm == firm and courier.active:
                        self._leave(courier)
        self._balance_usd = balance

    def _others(self, number: int) -> Ints:
        """Return the numbers of the other gig couriers in the market."""
        return np.array(
            [
                each.number
                for each in self.market.couriers
                if each.active and each.number != number and isinstance(each.settings, GigCourierSettings)
            ],
            np.int64,
        )

    def _noise(self, number: int) -> Floats:
        return hashed_uniform(self._key, number, np.arange(len(self.market.drivers)))
