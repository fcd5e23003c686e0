"""Enforcement: what policies need done day by day beside the offers and bills they change (model 8).

It puts promises, apps and listings of the day in force, keeps drivers out where couriers cap log-ins, and books tolls,
charges on tours, top-ups and subsidies. In a market without policies it does nothing.
"""

from typing import TYPE_CHECKING

import numpy as np

from agents.couriers.settings import GigCourierSettings, PickupCourierSettings
from agents.couriers.top_up import engaged_hours, top_ups
from agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from agents.drivers.log_in import lock_out, places_on_line
from agents.fleets.gig import GigFleet
from agents.fleets.vans import VanFleet
from agents.kernel.arrays import Bools, Floats
from agents.kernel.clock import DAY_S, DAYS_PER_WEEK, HOUR_S
from agents.kernel.order import Status
from agents.regulator.policy import Ground
from agents.regulator.regulator import Regulator
from agents.regulator.schedule import absent_zones
from agents.retailers.retailer import BIG_BOX
from models.money.burden import Burden

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.market import Market


def create_regulator(market: "Market") -> Regulator:
    """Make the regulator of a market's city.

    Raises
    ------
    ValueError
        If a policy names a zone that the city does not have.
    """
    policies, places = market.settings.policy, market.city.places
    if absent := absent_zones(policies, market.city.zones.n):
        raise ValueError("; ".join(absent))
    at_mall = np.isin(np.arange(places.n), [mall.place for mall in market.city.malls])
    return Regulator(market, policies, Ground(places.zone, at_mall))


class Enforcement:
    """Does for a market what its policies ask for.

    Attributes
    ----------
    burden
        What policies have cost each courier by the order.
    top_ups_usd
        float64 [J] a day, what couriers topped up.
    subsidy
        What mall stores get today for being on mall-direct.
    """

    def __init__(self, market: "Market") -> None:
        self.market = market
        self.regulator = market.regulator
        self.burden = Burden(len(market.couriers))
        self.top_ups_usd: list[Floats] = []
        self.subsidy = self.regulator.subsidy(0.0)
        self._engaged_h = self._expected_engaged_h()
        self._days_seen = 0
        self._allowed = market.drivers.apps.copy()
        self._out: NDArray[np.int64] | None = None

    def open_day(self, day: int) -> None:
        """Put the policies of the day in force."""
        market, changes = self.market, self.regulator.open_day(day)
        self.subsidy = self.regulator.subsidy(market.ledger.posted_usd("subsidy"))
        for courier in market.couriers:
            if isinstance(courier.fleet, GigFleet) and isinstance(courier.settings, GigCourierSettings):
                courier.fleet.promise = self.regulator.promise(courier.settings.promise)
        if market.relocation is not None:
            theta_per_usd = market.settings.drivers.relocation.theta_per_usd or 0.0
            market.relocation.theta = self.regulator.relocation(theta_per_usd)
        if changes:
            market.assign_apps(market.chosen_apps)
            market.membership.relist()

    def admit_within_caps(self, wants: Bools) -> Bools:
        """Keep drivers out where couriers cap log-ins, bool [N, 24]: the hours in which some courier lets them in."""
        market, drivers = self.market, self.market.drivers
        self._out = None
        if self.regulator.utilisation == 0:
            return wants
        self._allowed = drivers.apps.copy()
        places = places_on_line(self._engaged_h[market.gig_numbers], self.regulator.utilisation)
        self._out = lock_out(wants, self._allowed, market.gig_numbers, places, drivers.offset_s)
        return np.asarray(wants & ((self._allowed[:, None] & ~self._out) != 0))

    def refresh(self, now_s: float) -> None:
        """Set every driver the apps that let in at the moment, by the driver's own hours."""
        if self._out is not None:
            drivers = self.market.drivers
            hour = ((now_s - drivers.offset_s) // HOUR_S % 24).astype(np.int64)
            drivers.apps[:] = self._allowed & ~self._out[np.arange(len(drivers)), hour]

    def settle_orders(self) -> None:
        """Pay subsidies for the orders that are about to be settled."""
        per_order_usd = self.subsidy.usd_per_order
        if per_order_usd > 0:
            orders, number = self.market.orders, self.market.membership.mall_direct
            closed = np.array(orders.closed, np.int64)
            sold = closed[(orders.status[closed] == Status.DELIVERED) & (orders.courier[closed] == number)]
            store = orders.store[sold]
            self.market.settlement.settle_subsidy(store[self.market.stores.mall[store] != BIG_BOX], per_order_usd)

    def close_day(self, day: int) -> None:
        """Book what the day's policies charge, top up and pay, before its orders are settled."""
        if not self.market.regulator.policies:
            return
        self._charge_tours(day)
        self._charge_own_trips()
        self._top_up()
        stores, number = self.market.stores, self.market.membership.mall_direct
        per_week_usd = self.subsidy.usd_per_week
        if per_week_usd > 0 and number is not None:
            joined = np.flatnonzero(stores.listed[:, number] & (stores.mall != BIG_BOX))
            self.market.settlement.settle_subsidy(joined, per_week_usd / DAYS_PER_WEEK)
        if self._out is not None:
            self.market.drivers.apps[:] = self._allowed

    def _charge_tours(self, day: int) -> None:
        market, count = self.market, self.market.orders.count
        for courier in market.couriers:
            if isinstance(courier.fleet, VanFleet):
                tour = courier.fleet.tours[-1]
                of_today = (market.orders.courier[:count] == courier.number) & (market.orders.day[:count] == day)
                doors = market.orders.destination[:count][of_today]
                if len(doors):
                    charge_usd = self.regulator.tour_charge(market.warehouse, tour.km, tour.routes, doors)
                    market.settlement.settle_tours(courier.number, charge_usd)

    def _charge_own_trips(self) -> None:
        market, occasions = self.market, self.market.today.occasions
        home = market.households.home[occasions.household]
        nearest = market.shopping.nearest
        for channel, place in (
            (STORE_MALL, nearest.mall_place[home]),
            (STORE_BIG_BOX, market.stores.place[nearest.big_box[None][home]]),
        ):
            goes = occasions.choice == market.channels.index(channel)
            km = market.roads.km(home[goes], place[goes])
            toll_usd = self.regulator.toll(home[goes], place[goes], km, occasions.arrive_s[goes])
            market.settlement.settle_tolls(toll_usd)
        orders = market.orders
        for courier in market.couriers:
            if isinstance(courier.settings, PickupCourierSettings):
                of_courier = orders.courier[: orders.count] == courier.number
                rows = np.flatnonzero(of_courier & (orders.day[: orders.count] == market.day))
                door, store = orders.destination[rows], orders.origin[rows]
                toll_usd = self.regulator.toll(door, store, market.roads.km(door, store), orders.placed_s[rows])
                orders.charge_usd[rows] = toll_usd

    def _top_up(self) -> None:
        """Top up the pay of the day, and see how long drivers were engaged and what policies cost couriers."""
        market, orders, drivers = self.market, self.market.orders, self.market.drivers
        couriers = len(market.couriers)
        closed = np.array(orders.closed, np.int64)
        rows = closed[(orders.status[closed] == Status.DELIVERED) & (orders.driver[closed] >= 0)]
        courier = orders.courier[rows].astype(np.int64)
        hour = (orders.accepted_s[rows] % DAY_S // HOUR_S).astype(np.int64)
        engaged_h = np.zeros((couriers, 24))
        for clock in np.unique(hour).tolist():
            engaged_h[:, clock] = engaged_hours(orders, rows[hour == clock], couriers)
        self._days_seen += 1
        self._engaged_h += (engaged_h - self._engaged_h) / self._days_seen
        paid_usd = np.bincount(courier, weights=orders.pay_usd[rows], minlength=couriers)
        online_h = drivers.online_s_by_hour / HOUR_S
        total_h = float(online_h.sum())
        owed_usd = np.zeros(couriers)
        if self.regulator.hourly_pay_usd > 0:
            owed_usd = top_ups(self.regulator.hourly_pay_usd, total_h, engaged_h.sum(axis=1), paid_usd)
            for number in np.flatnonzero(owed_usd).tolist():
                market.settlement.settle_top_up(number, owed_usd[number] * online_h.sum(axis=1) / total_h)
            drivers.net_usd_by_hour += owed_usd.sum() / max(total_h, 1e-9) * online_h
        self.top_ups_usd.append(owed_usd)
        lost = [
            market.membership.commission(each.name, each.settings.commission) - terms.commission
            for each, terms in zip(market.couriers, market.today.terms, strict=True)
        ]
        baskets_usd = np.bincount(courier, weights=orders.basket_usd[rows], minlength=couriers)
        raised_usd = np.bincount(courier, weights=orders.raised_usd[rows], minlength=couriers)
        self.burden.learn(
            raised_usd + owed_usd + np.array(lost) * baskets_usd, np.bincount(courier, minlength=couriers)
        )

    def _expected_engaged_h(self) -> Floats:
        """Expect the hours on trips by courier and hour of day, before any day was seen, float64 [J, 24]."""
        market, settings = self.market, self.market.settings
        customers, homes = settings.customers, np.arange(market.city.places.n)
        by_hour = customers.occasions_per_household_day * len(market.households) * np.array(customers.hour_weights)
        drive_h = market.city.time.at(market.shopping.nearest.mall_place, homes) / HOUR_S
        way_h = float(np.average(drive_h, weights=market.city.places.households))
        per_order_h = 2 * way_h + (settings.retailers.handover_min + settings.drivers.door_min) / 60
        shares = [
            customers.observed_share.get(each.constant_of or name, 0.0) for name, each in settings.couriers.items()
        ]
        return np.outer(shares, by_hour) * per_order_h
