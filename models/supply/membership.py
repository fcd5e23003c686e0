"""Membership: which mall stores are on which couriers' apps, today and from week to week (model 7.3)."""

import numpy as np

from galleria.agents.customers.channels import MALL_DIRECT, STORE_MALL
from galleria.agents.customers.terms import Terms
from galleria.agents.kernel.arrays import Bools, Floats
from galleria.agents.kernel.clock import DAYS_PER_WEEK
from galleria.agents.kernel.order import Orders
from galleria.agents.regulator.policy import Subsidy
from galleria.agents.retailers.opt_in import Offer, OptIn
from galleria.agents.retailers.retailer import BIG_BOX, join_by_share
from galleria.models.streams import Stream
from galleria.models.world import World


class Membership:
    """Lists the stores when the market opens, and lets them review mall-direct when a week closes.

    Parameters
    ----------
    world
        The columns `wanted` and `listed` of its stores are kept here.
    expected_orders
        float64 [J, 24], for what stores expect before anybody has joined.

    Attributes
    ----------
    mall_direct
        Number of mall-direct; None where there is none.
    """

    def __init__(self, world: World, expected_orders: Floats) -> None:
        self.world, settings = world, world.settings
        names = list(settings.couriers)
        self.mall_direct = names.index(MALL_DIRECT) if MALL_DIRECT in names else None
        self._admitted: set[int] = set()
        for number, (name, each) in enumerate(settings.couriers.items()):
            if each.lists_stores and settings.opens_with(name):
                self.admit(number)
        reviews = world.streams.key(Stream.RETAILER, "reviews")
        self._opt_in = OptIn(
            settings.retailers, world.stores, self.mall_direct or 0, self._prior(expected_orders), reviews
        )

    @property
    def opt_in_share(self) -> float:
        """Share of the mall stores on mall-direct, nan without mall-direct."""
        if self.mall_direct is None:
            return float("nan")
        return float(self.world.stores.listed[self.world.stores.mall != BIG_BOX, self.mall_direct].mean())

    @property
    def is_open(self) -> bool:
        """Whether mall-direct is in the market, so that stores can be on it."""
        return self.mall_direct in self._admitted

    def admit(self, number: int) -> None:
        """List the stores of a courier that is in the market from now on."""
        self._admitted.add(number)
        self.world.stores.wanted[:, number] = self.joined(
            number, self.world.settings.share_listed(self.world.channels.names[number])
        )
        self.relist()

    def joined(self, number: int, share: float | Floats) -> Bools:
        """Return the stores on a courier's app if a share of each mall's are, bool [R]."""
        stores = self.world.stores
        return join_by_share(stores.priority[:, number], stores.mall, share)

    def dismiss(self, number: int) -> None:
        """Take all stores off the app of a courier that leaves the market."""
        self._admitted.remove(number)
        self.world.stores.wanted[:, number] = self.world.stores.listed[:, number] = False

    def commission(self, courier: str, commission: float) -> float:
        """Return the commission a courier asks, less what mall-direct takes off for exclusivity."""
        opt_in = self.world.settings.retailers.opt_in
        if courier == MALL_DIRECT and opt_in.exclusive and self.world.regulator.allows_exclusivity:
            return max(0.0, commission - opt_in.exclusive_commission_cut)
        return commission

    def offer(self, terms: Terms, subsidy: Subsidy) -> Offer:
        """Return what joining mall-direct at its terms, and with a subsidy, means for the mean mall store."""
        independent = float(np.mean(self.world.stores.independent[self.world.stores.mall != BIG_BOX]))
        commission, markup = (
            here + independent * (other - here)
            for here, other in zip((terms.commission, float(terms.markup)), terms.independents, strict=True)
        )
        return Offer(
            basket_usd=self.world.settings.customers.basket.mean_usd,
            commission=commission,
            markup=markup,
            subsidy_usd=subsidy.usd_per_order,
            subsidy_usd_per_week=subsidy.usd_per_week,
            diverted_share=self.world.settings.customers.observed_share[STORE_MALL] / len(self.world.stores),
        )

    def join(self, share: float | Floats) -> None:
        """Let a share of the mall stores, or of each mall's, be on mall-direct, and no others."""
        if self.mall_direct is not None:
            self.world.stores.wanted[:, self.mall_direct] = self.joined(self.mall_direct, share)
            self.relist()

    def close_week(self, week: int, orders: Orders, terms: list[Terms], subsidy: Subsidy) -> None:
        """Let stores review mall-direct by the week's orders, where they may."""
        if self.mall_direct is None or not self.is_open or self.world.settings.retailers.opt_in.mode != "logit_dynamic":
            return
        placed = np.arange(orders.count)[orders.day[: orders.count] >= week * DAYS_PER_WEEK]
        through = placed[orders.courier[placed] == self.mall_direct]
        offer = self.offer(terms[self.mall_direct], subsidy)
        self._opt_in.close_week(week, np.bincount(orders.store[through], minlength=len(self.world.stores)), offer)
        self.world.stores.wanted[:, self.mall_direct] = self.world.stores.listed[:, self.mall_direct]
        self.relist()

    def _prior(self, expected_orders: Floats) -> float:
        """Return the weekly orders a store expects of mall-direct: the expected ones, shared by those then listed."""
        settings, stores = self.world.settings, self.world.stores
        if self.mall_direct is None:
            return 0.0
        listed = settings.couriers[MALL_DIRECT].share_when_observed * int((stores.mall != BIG_BOX).sum())
        return DAYS_PER_WEEK * float(expected_orders[self.mall_direct].sum()) / max(1.0, listed)

    def relist(self) -> None:
        """List stores where they want to be, as far as that is allowed."""
        gig = sorted(self._admitted)
        self.world.stores.listed[:, gig] = self.allowed(self.world.stores.wanted)[:, gig]

    def allowed(self, wanted: Bools) -> Bools:
        """Return where stores are listed that want to be on couriers' apps, bool [R, J].

        As far as exclusive contracts, and policies on these, allow; on couriers that are in the market.
        """
        gig = sorted(self._admitted)
        in_mall = self.world.stores.mall != BIG_BOX
        listed = wanted[:, gig]
        mall_direct = gig.index(self.mall_direct) if self.mall_direct in gig else None
        if (
            mall_direct is not None
            and self.world.settings.retailers.opt_in.exclusive
            and self.world.regulator.allows_exclusivity
        ):
            others = np.arange(len(gig)) != mall_direct
            listed[np.ix_(listed[:, mall_direct] & in_mall, others)] = False
        listed[in_mall] = self.world.regulator.listing(listed[in_mall], mall_direct)
        everywhere = np.zeros_like(wanted)
        everywhere[:, gig] = listed & ~self.world.stores.removed[:, None]
        return everywhere
