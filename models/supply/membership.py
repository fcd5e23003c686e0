"""Membership: which mall stores are on which couriers' apps, today and from week to week (model 7.3)."""

import numpy as np

from agents.couriers.settings import GigCourierSettings
from agents.customers.channels import STORE_MALL
from agents.customers.terms import Terms
from agents.kernel.clock import DAYS_PER_WEEK
from agents.kernel.order import Orders
from agents.regulator.policy import Subsidy
from agents.regulator.regulator import Regulator
from agents.retailers.opt_in import Offer, OptIn
from agents.retailers.retailer import BIG_BOX, Retailers, join_by_share
from models.settings.tree import Settings

MALL_DIRECT = "mall_direct"


class Membership:
    """Lists the stores when the market opens, and lets them review mall-direct when a week closes.

    Parameters
    ----------
    settings
        Of the design point.
    stores
        Their columns `wanted` and `listed` are kept here.
    households
        Number of them, for what stores expect before anybody has joined.
    key
        Of the noise of reviews.
    regulator
        Policies on exclusive contracts.
    """

    def __init__(self, settings: Settings, stores: Retailers, households: int, key: int, regulator: Regulator) -> None:
        self.settings, self.stores, self.regulator = settings, stores, regulator
        self.gig: dict[int, GigCourierSettings] = {}
        self.mall_direct = list(settings.couriers).index(MALL_DIRECT) if MALL_DIRECT in settings.couriers else None
        for number, (name, each) in enumerate(settings.couriers.items()):
            if isinstance(each, GigCourierSettings) and settings.opens_with(name):
                self.admit(number, each)
        self._opt_in = OptIn(settings.retailers, stores, self.mall_direct or 0, self._prior(households), key)

    @property
    def opt_in_share(self) -> float:
        """Share of the mall stores on mall-direct, nan without mall-direct."""
        if self.mall_direct is None:
            return float("nan")
        return float(self.stores.listed[self.stores.mall != BIG_BOX, self.mall_direct].mean())

    def admit(self, number: int, settings: GigCourierSettings) -> None:
        """List the stores of a courier that is in the market from now on."""
        self.gig[number] = settings
        priority = self.stores.priority[:, number]
        self.stores.wanted[:, number] = join_by_share(priority, self.stores.mall, settings.listed_share)
        self.relist()

    def dismiss(self, number: int) -> None:
        """Take all stores off the app of a courier that leaves the market."""
        del self.gig[number]
        self.stores.wanted[:, number] = self.stores.listed[:, number] = False

    def commission(self, courier: str, commission: float) -> float:
        """Return the commission a courier asks, less what mall-direct takes off for exclusivity."""
        opt_in = self.settings.retailers.opt_in
        if courier == MALL_DIRECT and opt_in.exclusive and self.regulator.allows_exclusivity:
            return max(0.0, commission - opt_in.exclusive_commission_cut)
        return commission

    def offer(self, terms: Terms, subsidy: Subsidy) -> Offer:
        """Return what joining mall-direct at its terms, and with a subsidy, means for a store."""
        return Offer(
            basket_usd=self.settings.customers.basket.mean_usd,
            commission=terms.commission,
            markup=terms.markup,
            subsidy_usd=subsidy.usd_per_order,
            subsidy_usd_per_week=subsidy.usd_per_week,
            diverted_share=self.settings.customers.observed_share[STORE_MALL] / len(self.stores),
        )

    def join(self, share: float) -> None:
        """Let a share of the mall stores be on mall-direct, and no others."""
        if self.mall_direct is not None:
            priority = self.stores.priority[:, self.mall_direct]
            self.stores.wanted[:, self.mall_direct] = join_by_share(priority, self.stores.mall, share)
            self.relist()

    def close_week(self, week: int, orders: Orders, terms: list[Terms], subsidy: Subsidy) -> None:
        """Let stores review mall-direct by the week's orders, where they may."""
        if self.mall_direct not in self.gig or self.settings.retailers.opt_in.mode != "logit_dynamic":
            return
        placed = np.arange(orders.count)[orders.day[: orders.count] >= week * DAYS_PER_WEEK]
        through = placed[orders.courier[placed] == self.mall_direct]
        offer = self.offer(terms[self.mall_direct], subsidy)
        self._opt_in.close_week(week, np.bincount(orders.store[through], minlength=len(self.stores)), offer)
        self.stores.wanted[:, self.mall_direct] = self.stores.listed[:, self.mall_direct]
        self.relist()

    def _prior(self, households: int) -> float:
        """Return the weekly orders a store expects of mall-direct: the observed ones, shared by those then listed."""
        customers, courier = self.settings.customers, self.settings.couriers.get(MALL_DIRECT)
        if not isinstance(courier, GigCourierSettings):
            return 0.0
        per_week = DAYS_PER_WEEK * customers.occasions_per_household_day * households
        listed = courier.observed.listed_share * int((self.stores.mall != BIG_BOX).sum())
        return per_week * customers.observed_share.get(MALL_DIRECT, 0.0) / max(1.0, listed)

    def relist(self) -> None:
        """List stores where they want to be, as far as exclusive contracts and policies on these allow."""
        gig = sorted(self.gig)
        in_mall = self.stores.mall != BIG_BOX
        listed = self.stores.wanted[:, gig]
        mall_direct = gig.index(self.mall_direct) if self.mall_direct in gig else None
        if mall_direct is not None and self.settings.retailers.opt_in.exclusive and self.regulator.allows_exclusivity:
            others = np.arange(len(gig)) != mall_direct
            listed[np.ix_(listed[:, mall_direct] & in_mall, others)] = False
        listed[in_mall] = self.regulator.listing(listed[in_mall], mall_direct)
        self.stores.listed[:, gig] = listed & ~self.stores.removed[:, None]
