"""Enforcement: what policies need done day by day beside the offers and bills they change (model 8).

It puts promises, apps and listings of the day in force, keeps drivers out where couriers cap log-ins, and books tolls,
charges on tours, top-ups and subsidies. In a market without policies it does nothing.
"""

from functools import cached_property

import mesa
import numpy as np

from galleria.agents.couriers.top_up import top_ups, trip_top_ups
from galleria.agents.drivers.log_in import admit, cheapest_sd, places_on_line, tiers_by_record
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.clock import DAYS_PER_WEEK, HOUR_S
from galleria.agents.kernel.noise import hashed_uniform
from galleria.agents.kernel.order import Status
from galleria.agents.regulator.policy import Ground
from galleria.agents.regulator.regulator import Regulator
from galleria.agents.regulator.schedule import absent_zones
from galleria.agents.retailers.retailer import BIG_BOX
from galleria.models.city import City
from galleria.models.demand.day import ShoppingDay
from galleria.models.demand.expected import expected_orders, mean_way, trip_hours
from galleria.models.demand.meals import expected_meals
from galleria.models.demand.own_trips import OwnTrips
from galleria.models.money.burden import DayOfCosts
from galleria.models.money.settlement import Settlement
from galleria.models.regulation.forecast import Forecast, wanted_meals, wanted_orders
from galleria.models.regulation.work import Work
from galleria.models.settings.tree import Settings
from galleria.models.streams import Stream
from galleria.models.supply.apps import Apps
from galleria.models.supply.membership import Membership
from galleria.models.world import World


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
        self._key = world.streams.key(Stream.DRIVER, "access")
        self._wait_usd_per_h: float | None = None
        self._wanted_h: Ints = np.full(24, len(world.drivers))

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
        """Keep drivers out where couriers cap log-ins, bool [N, 24]: the hours in which they are let in."""
        if self._lets_all_in:
            return wants
        world, drivers = self.world, self.world.drivers
        gig = world.channels.gig
        rows = np.arange(len(drivers))
        lot = hashed_uniform(self._key, world.clock.day, rows)
        tier = tiers_by_record(drivers.orders - drivers.orders_before, self.regulator.tiers)
        self._wanted_h = wants.sum(axis=0)
        places = self._places(world.memory.burden.answer)
        working = drivers.online & ~drivers.leaving
        return admit(wants, working, drivers.apps, gig, places, tier, lot)

    def online_h(self, answer: Floats) -> float:
        """Return the hours of drivers on line that couriers expect of a day.

        Under a cap as many as they let in for these parts, float64 [J], of the orders there would be without additions
        to fees, and no more than wanted to come last; without one as many as there were, whoever orders.
        """
        if self._lets_all_in:
            return self.world.memory.burden.day.online_h
        return float(np.minimum(self._places(answer).sum(axis=0), self._wanted_h).sum())

    @property
    def _lets_all_in(self) -> bool:
        """Whether nobody caps log-ins: no policy asks for it, or hours on line cost couriers nothing to save on."""
        rules = self.regulator
        return rules.utilisation == 0 or (rules.staffs_at_least_cost and rules.hourly_pay_usd == 0)

    def _places(self, answer: Floats) -> Floats:
        """Return the drivers let in, float64 [K, 24], at these parts of the orders without additions to fees."""
        couriers, rules = len(self.world.couriers), self.regulator
        goods, meals = answer[:couriers, None], answer[-couriers:, None]
        need = self.forecast.need * goods + self.meal_forecast.need * meals
        seen, expected = self._wait_usd_per_h, self._wait_expected_usd_per_h
        wait_usd_per_h = expected if seen is None else seen
        sd = cheapest_sd(wait_usd_per_h, rules.hourly_pay_usd) if rules.staffs_at_least_cost else rules.peak_sd
        return places_on_line(need[self.world.channels.gig], rules.utilisation, sd)

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
        """Top up the pay of the day, and see what customers wanted and what policies cost couriers."""
        world, burden, couriers = self.world, self.world.memory.burden, len(self.world.couriers)
        goods, meals = (
            Work.since_settled(orders, len(world.drivers), couriers) for orders in (world.orders, world.meals.orders)
        )
        engaged_h, paid_usd = goods.engaged_h + meals.engaged_h, goods.paid_usd + meals.paid_usd
        world.memory.top_ups_usd.append(self._settle_floors(engaged_h, paid_usd))
        wanted = wanted_orders(today, couriers) / burden.answer[:couriers, None]
        self.forecast.learn(wanted, goods.engaged_h.sum(axis=0), goods.delivered)
        wanted = wanted_meals(world.meals.orders, world.clock.day, couriers) / burden.answer[-couriers:, None]
        self.meal_forecast.learn(wanted, meals.engaged_h.sum(axis=0), meals.delivered)
        waits = [work.orders.delay_usd_per_h[work.rows] for work in (goods, meals)]
        if sum(map(len, waits)):
            self._wait_usd_per_h = float(np.concatenate(waits).mean())
        services = [goods.costs(self._lost_usd(goods.rows, today))]
        if world.settings.meals is not None:
            asked = world.settings.meals.commission
            lost_usd = (asked - self.regulator.commission(asked, "gig")) * meals.by_courier("basket_usd")
            services.append(meals.costs(lost_usd))
        cost_usd, orders, hours, pay_usd = (np.concatenate(each) for each in zip(*services, strict=True))
        online_h = float(world.drivers.online_s_by_hour.sum()) / HOUR_S
        day = DayOfCosts(cost_usd, orders, hours, pay_usd, 0.0, online_h)
        burden.learn(day, self.regulator, 1 / self.regulator.cost_days)

    def _lost_usd(self, rows: Ints, today: ShoppingDay) -> Floats:
        """Return what couriers would have taken of delivered orders and policies left to stores, float64 [J], $."""
        world, orders = self.world, self.world.orders
        lost = np.array(
            [
                [
                    self.membership.commission(each.name, each.settings.commission) - left
                    for left in (terms.commission, terms.independents.commission)
                ]
                for each, terms in zip(world.couriers, today.terms, strict=True)
            ]
        )
        courier = orders.courier[rows].astype(np.int64)
        lost_each = lost[courier, world.stores.is_independent(orders.store[rows]).astype(np.intp)]
        return np.bincount(courier, lost_each * orders.basket_usd[rows], len(world.couriers))

    def _settle_floors(self, engaged_h: Floats, paid_usd: Floats) -> Floats:
        """Top up to the floors on each driver's time on trips, and on all time on line; return what couriers owed, [J].

        Parameters
        ----------
        engaged_h, paid_usd
            float64 [N, J], hours on trips of each driver for each courier, and their pay.
        """
        drivers, floor, trip_floor = self.world.drivers, self.regulator.hourly_pay_usd, self.regulator.trip_pay_usd
        online_h = drivers.online_s_by_hour / HOUR_S
        total_h = float(online_h.sum())
        owed = trip_top_ups(trip_floor, engaged_h, paid_usd)
        if floor > 0 and total_h > 0:
            paid = (paid_usd + owed).sum(axis=0)
            together = top_ups(floor, total_h, engaged_h.sum(axis=0), paid)
            owed = owed + together * (online_h.sum(axis=1) / total_h)[:, None]
        for number in np.flatnonzero(owed.any(axis=0)).tolist():
            self.settlement.settle_top_up(number, owed[:, number])
        own_h = online_h.sum(axis=1, keepdims=True)
        drivers.net_usd_by_hour += owed.sum(axis=1, keepdims=True) * online_h / np.where(own_h > 0, own_h, 1.0)
        return np.asarray(owed.sum(axis=0))

    @cached_property
    def _wait_expected_usd_per_h(self) -> float:
        """What an hour's wait is worth to those who order of gig couriers, $/h, before any day was seen."""
        settings, gig = self.world.settings, self.world.channels.gig
        purposes = settings.customers.purposes.values()
        of_goods = sum(each.share * each.value_of_delivery_time_usd_per_h for each in purposes)
        goods, meals = (float(each.orders[gig].sum()) for each in (self.forecast, self.meal_forecast))
        if settings.meals is None or goods + meals == 0:
            return of_goods
        return (goods * of_goods + meals * settings.meals.choice.value_of_wait_usd_per_h) / (goods + meals)

    @cached_property
    def forecast(self) -> Forecast:
        """Orders and the hours of their trips, expected before any day was seen; worked out once a policy asks."""
        world, settings = self.world, self.world.settings
        way_h = mean_way(world.city, world.shopping.nearest).hours
        per_order_h = trip_hours(way_h, settings.retailers.handover_min, settings.drivers.door_min)
        return Forecast(expected_orders(settings, len(world.households)), per_order_h)

    @cached_property
    def meal_forecast(self) -> Forecast:
        """The same of restaurant meals."""
        world, settings = self.world, self.world.settings
        handover_min = settings.meals.handover_min if settings.meals else 0.0
        per_order_h = trip_hours(world.meals.restaurants.hours, handover_min, settings.drivers.door_min)
        active = np.array([each.active for each in settings.couriers.values()])
        return Forecast(expected_meals(settings, len(world.households), active), per_order_h)
