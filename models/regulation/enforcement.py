"""Enforcement: what policies need done day by day beside the offers and bills they change (model 8).

It puts promises, apps and listings of the day in force, keeps drivers out where couriers cap log-ins, and books tolls,
charges on tours, top-ups and subsidies. In a market without policies it does nothing.
"""

import mesa
import numpy as np

from agents.couriers.top_up import engaged_hours, top_ups
from agents.drivers.log_in import places_on_line
from agents.kernel.arrays import Bools, Floats
from agents.kernel.clock import DAY_S, DAYS_PER_WEEK, HOUR_S
from agents.kernel.order import Status
from agents.regulator.policy import Ground
from agents.regulator.regulator import Regulator
from agents.regulator.schedule import absent_zones
from agents.retailers.retailer import BIG_BOX
from models.city import City
from models.demand.day import ShoppingDay
from models.demand.own_trips import OwnTrips
from models.money.settlement import Settlement
from models.settings.tree import Settings
from models.supply.apps import Apps
from models.supply.membership import Membership
from models.world import World


def create_regulator(model: mesa.Model, settings: Settings, city: City) -> Regulator:
    """Return the regulator of a market's city.

    Raises
    ------
    ValueError
        If a policy names a zone that the city does not have.
    """
    policies, places = settings.policy, city.places
    if absent := absent_zones(policies, city.zones.n):
        raise ValueError("; ".join(absent))
    at_mall = np.isin(np.arange(places.n), [mall.place for mall in city.malls])
    return Regulator(model, policies, Ground(places.zone, at_mall))


class Enforcement:
    """Does for a market what its policies ask for.

    Parameters
    ----------
    world
        Whose policies are carried out.
    apps, membership
        Of its drivers and stores.
    settlement
        Books what policies charge and pay.

    Attributes
    ----------
    subsidy
        What mall stores get today for being on mall-direct.
    """

    def __init__(self, world: World, apps: Apps, membership: Membership, settlement: Settlement) -> None:
        self.world, self.apps, self.membership, self.settlement = world, apps, membership, settlement
        self.regulator = world.regulator
        self.subsidy = self.regulator.subsidy(0.0)
        self._engaged_h = self._expected_engaged_h()
        self._days_seen = 0

    def open_day(self, day: int) -> None:
        """Put the policies of the day in force."""
        world, changes = self.world, self.regulator.open_day(day)
        self.subsidy = self.regulator.subsidy(world.ledger.posted_usd("subsidy"))
        for courier in world.couriers:
            courier.posted.promise = self.regulator.promise(courier.settings.promised, courier.settings.fulfilment)
        if changes:
            self.apps.allow()
            self.membership.relist()

    def admit_within_caps(self, wants: Bools) -> Bools:
        """Keep drivers out where couriers cap log-ins, bool [N, 24]: the hours in which some courier lets them in."""
        utilisation = self.regulator.utilisation
        if utilisation == 0:
            return self.apps.admit_all(wants)
        return self.apps.admit(wants, places_on_line(self._engaged_h[self.world.channels.gig], utilisation))

    def settle_orders(self) -> None:
        """Pay subsidies for the orders that are about to be settled."""
        per_order_usd = self.subsidy.usd_per_order
        if per_order_usd > 0:
            orders, number = self.world.orders, self.membership.mall_direct
            closed = np.array(orders.closed, np.int64)
            sold = closed[(orders.status[closed] == Status.DELIVERED) & (orders.courier[closed] == number)]
            store = orders.store[sold]
            self.settlement.settle_subsidy(store[self.world.stores.mall[store] != BIG_BOX], per_order_usd)

    def close_day(self, day: int, today: ShoppingDay, trips: OwnTrips) -> None:
        """Book what the day's policies charge, top up and pay, before its orders are settled."""
        if not self.world.regulator.policies:
            return
        self._charge_tours(day)
        self._charge_own_trips(day, trips)
        self._top_up(today)
        stores, number = self.world.stores, self.membership.mall_direct
        per_week_usd = self.subsidy.usd_per_week
        if per_week_usd > 0 and number is not None:
            joined = np.flatnonzero(stores.listed[:, number] & (stores.mall != BIG_BOX))
            self.settlement.settle_subsidy(joined, per_week_usd / DAYS_PER_WEEK)
        self.apps.unlock()

    def _charge_tours(self, day: int) -> None:
        world, count = self.world, self.world.orders.count
        for courier in world.couriers:
            for tour in courier.fleet.tours[-1:]:
                of_today = (world.orders.courier[:count] == courier.number) & (world.orders.day[:count] == day)
                doors = world.orders.destination[:count][of_today]
                if len(doors):
                    charge_usd = self.regulator.tour_charge(world.city.warehouses[0].place, tour.km, tour.routes, doors)
                    self.settlement.settle_tours(courier.number, charge_usd)

    def _charge_own_trips(self, day: int, trips: OwnTrips) -> None:
        """Charge customers for their trips; those who collect an order pay when they have it."""
        orders, couriers = self.world.orders, len(self.world.couriers)
        toll_usd = self.regulator.toll(trips.home, trips.place, trips.there_km, trips.depart_s)
        self.settlement.settle_tolls(toll_usd[trips.channel >= couriers])
        of_today = orders.day[: orders.count] == day
        for number in np.unique(trips.channel[trips.channel < couriers]).tolist():
            rows = np.flatnonzero(of_today & (orders.courier[: orders.count] == number))
            orders.charge_usd[rows] = toll_usd[trips.to(number)]

    def _top_up(self, today: ShoppingDay) -> None:
        """Top up the pay of the day, and see how long drivers were engaged and what policies cost couriers."""
        world, orders, drivers = self.world, self.world.orders, self.world.drivers
        couriers = len(world.couriers)
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
                self.settlement.settle_top_up(number, owed_usd[number] * online_h.sum(axis=1) / total_h)
            drivers.net_usd_by_hour += owed_usd.sum() / max(total_h, 1e-9) * online_h
        world.memory.top_ups_usd.append(owed_usd)
        lost = [
            self.membership.commission(each.name, each.settings.commission) - terms.commission
            for each, terms in zip(world.couriers, today.terms, strict=True)
        ]
        baskets_usd = np.bincount(courier, weights=orders.basket_usd[rows], minlength=couriers)
        raised_usd = np.bincount(courier, weights=orders.raised_usd[rows], minlength=couriers)
        world.memory.burden.learn(
            raised_usd + owed_usd + np.array(lost) * baskets_usd, np.bincount(courier, minlength=couriers)
        )

    def _expected_engaged_h(self) -> Floats:
        """Expect the hours on trips by courier and hour of day, before any day was seen, float64 [J, 24]."""
        world, settings = self.world, self.world.settings
        customers, homes = settings.customers, np.arange(world.city.places.n)
        by_hour = customers.occasions_per_household_day * len(world.households) * np.array(customers.hour_weights)
        drive_h = world.city.time.at(world.shopping.nearest.mall_place, homes) / HOUR_S
        way_h = float(np.average(drive_h, weights=world.city.places.households))
        per_order_h = 2 * way_h + (settings.retailers.handover_min + settings.drivers.door_min) / 60
        shares = [
            customers.observed_share.get(each.constant_of or name, 0.0) for name, each in settings.couriers.items()
        ]
        return np.outer(shares, by_hour) * per_order_h
