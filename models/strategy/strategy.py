"""Strategy: who is in the market, and at which fees, week by week (model 3, 7.6)."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from galleria.agents.couriers.courier import Courier
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.retailers.retailer import join_by_share
from galleria.models.money.settlement import Settlement
from galleria.models.settings.strategy import EntrySettings, FixedFeesSettings
from galleria.models.settings.tree import Settings
from galleria.models.strategy.desk import Desk
from galleria.models.strategy.fees import FeeWeek, fee_rule, fee_weeks_frame
from galleria.models.strategy.passing_on import PassingOn
from galleria.models.strategy.pay import PayDesk
from galleria.models.supply.presence import Presence
from galleria.models.supply.terms import TermsDesk
from galleria.models.world import World


class Strategy:
    """Lets couriers enter and leave, and sets fees at the start of each week.

    Parameters
    ----------
    world
        Whose couriers decide. Couriers that enter later are absent from now on.
    terms
        What couriers offer today.
    settlement
        Books what it costs to be in the market.
    presence
        Opens and closes couriers.
    simulate
        Runs a design point in this world's city and replication: the baseline.
    online_h
        Hours of drivers on line of a day, see `PassingOn`.
    """

    def __init__(
        self,
        world: World,
        terms: TermsDesk,
        settlement: Settlement,
        presence: Presence,
        simulate: Callable[[Settings], World],
        online_h: Callable[[Floats], float],
    ) -> None:
        self.world, self.settlement, self.presence = world, settlement, presence
        self.desk = Desk(world, terms, world.settings.strategy.fees, simulate)
        self.settings = world.settings.strategy
        self.weeks: list[FeeWeek] = []
        self.losing_weeks = dict.fromkeys(world.settings.firms, 0)
        self._rule = fee_rule(world, self.desk)
        self._pay: PayDesk | None = None
        if self.settings.pay is not None:
            at_rest = Desk(world, terms, FixedFeesSettings(rule="fixed"), simulate)
            self._pay = PayDesk(world, at_rest, self.settings.pay)
        self._passing_on = PassingOn(world, self.desk, online_h)
        self._balance_usd = world.ledger.balance_usd("firm")
        self._reviewed = 0
        self._outside = {
            name: entry for name, entry in self.settings.entry.items() if self._courier(name).posted.active
        }
        for name in self._outside:
            self._courier(name).posted.active = False

    def open_day(self, day: int) -> None:
        """Carry out entries; when a week begins, exits and fees too; last what is passed on."""
        for name, entry in list(self._outside.items()):
            if day >= entry.day and (not entry.if_profitable or self._pays(name, entry)):
                del self._outside[name]
                self.presence.enter(self._courier(name))
                self._rule.unsettle()
        if day % DAYS_PER_WEEK == 0:
            self._leave_at_a_loss(day)
            self._rule.set_fees(day // DAYS_PER_WEEK)
            if self._pay is not None:
                self._pay.set_pay()
        self._passing_on.open_day(day)

    def close_day(self, day: int) -> None:
        """Charge entrants for the day; look back at the week when it ends, or when the run does."""
        for name, entry in self.settings.entry.items():
            courier = self._courier(name)
            if courier.posted.active and entry.cost_usd_per_week > 0:
                self.settlement.settle_presence(courier.number, entry.cost_usd_per_week / DAYS_PER_WEEK)
        last = day + 1 == self.world.settings.run.days
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

    def values_usd(self) -> dict[str, float]:
        """Return what an order is worth beside its margin, $, by courier that sets its fee; none with fixed fees."""
        return {each.courier: each.value_usd for each in self.weeks}

    def pressure(self) -> pd.DataFrame:
        """Write the pressure that mergers would put on fees; empty where fees are fixed."""
        return self._rule.pressure()

    def _courier(self, name: str) -> Courier:
        return next(each for each in self.world.couriers if each.name == name)

    def _pays(self, name: str, entry: EntrySettings) -> bool:
        """Return whether an entrant expects a week's profit above its cost, on analytic demand at the fees posted."""
        courier, stores, desk = self._courier(name), self.world.stores, self.desk
        listed, active = stores.listed.copy(), np.array([each.posted.active for each in self.world.couriers])
        active[courier.number] = True
        if courier.settings.lists_stores:
            priority = stores.priority[:, courier.number]
            share = self.world.settings.share_listed(name)
            listed[:, courier.number] = join_by_share(priority, stores.mall, share)
        case = desk.today(listed=listed, active=active)
        profit = float(desk.game(desk.expected(case), case).profits(case.price_usd)[courier.number])
        return profit * desk.occasions_per_day * DAYS_PER_WEEK > entry.cost_usd_per_week

    def _leave_at_a_loss(self, day: int) -> None:
        """Close the couriers of each firm that has lost money for too many weeks and has no cash left."""
        if self.settings.exit is None or day == 0:
            return
        balance = self.world.ledger.balance_usd("firm")
        for firm, before, now in zip(
            self.world.settings.firms, self._balance_usd.tolist(), balance.tolist(), strict=True
        ):
            self.losing_weeks[firm] = self.losing_weeks[firm] + 1 if now < before else 0
            cash_usd = self.settings.exit.initial_cash_usd + now
            if self.losing_weeks[firm] >= self.settings.exit.loss_weeks and cash_usd < 0:
                for courier in self.world.couriers:
                    if courier.settings.firm == firm and courier.posted.active:
                        self.presence.leave(courier)
                        self._rule.unsettle()
        self._balance_usd = balance
