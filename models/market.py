"""The market: builds the agents and runs intervals, days and weeks (model 3)."""

from dataclasses import replace
from math import ceil, floor, nan

import mesa
import numpy as np
from numpy.typing import NDArray

from agents.couriers.courier import Courier
from agents.couriers.settings import GigCourierSettings
from agents.customers.channels import channel_names, choice_tree
from agents.customers.choice_set import Shopping
from agents.customers.households import Customer
from agents.customers.terms import Terms
from agents.dispatch.kerb import Kerb
from agents.drivers.clocks import close_weeks
from agents.drivers.driver import Driver
from agents.fleets.gig import GigFleet
from agents.fleets.pooled import join_pool
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import DAY_S, DAYS_PER_WEEK, HOUR_S
from agents.kernel.handles import register
from agents.kernel.journal import Journal
from agents.kernel.noise import hashed_integer
from agents.kernel.order import Orders, Status
from agents.retailers.retailer import Retailer
from models.city import City
from models.demand.day import ShoppingDay
from models.demand.draw import draw_households, draw_occasions
from models.demand.record import DayRecord, record_day
from models.measures.invariants import check_clocks, check_interval
from models.measures.outcome import Outcome, write_outcome
from models.measures.start import Start
from models.money.closing import remember_lateness, settle_orders, settle_shifts, settle_trips
from models.money.settlement import open_settlement
from models.opening.calibration import channel_constants
from models.opening.couriers import create_couriers, open_relocation
from models.opening.stores_and_drivers import create_stores, expected_rates, nearest_stores, recruit_drivers
from models.regulation.enforcement import Enforcement, create_regulator
from models.settings.tree import Settings
from models.strategy.broker import Broker
from models.strategy.strategy import Strategy
from models.streams import Stream, Streams
from models.supply.adoption import Adoption, equilibrium_shares
from models.supply.hiring import Hiring, mean_way_km
from models.supply.membership import Membership
from models.traffic.feedback import settle_traffic
from models.traffic.hourly import roads_of


class Market(mesa.Model):  # type: ignore[misc]  # Mesa is untyped
    """Customers, retailers, drivers and couriers on a city's roads under a regulator.

    Parameters
    ----------
    settings
        One design point.
    city
        Places and travel tables.
    replication
        Number of the replication; with `settings.run.seed` it determines all random numbers.
    """

    start: Start | None = None

    def __init__(self, settings: Settings, city: City, replication: int) -> None:
        super().__init__(rng=settings.run.seed)
        self.settings, self.city = settings, city
        self.streams = Streams(settings.run.seed, replication)
        self.now_s, self.day = 0.0, 0
        self.roads = roads_of(city, settings.traffic, settings.run.days + 3)
        self.warehouse = city.warehouses[0].place
        self.channels = channel_names(tuple(settings.couriers))
        self.nests = choice_tree(settings.customers, len(settings.couriers))
        self.gig_numbers = np.array(
            [number for number, each in enumerate(settings.couriers.values()) if each.fulfilment == "gig"], np.int64
        )

        self.regulator = create_regulator(self)
        self.stores = create_stores(settings.retailers, city, settings.couriers, self.streams)
        nearest = nearest_stores(settings.retailers, city, self.stores)
        self.households = draw_households(settings.customers, city, round(city.places.households.sum()), self.streams)
        gig = self.gig_numbers[[self.channels[k] not in settings.strategy.entry for k in self.gig_numbers.tolist()]]
        active = gig[[settings.couriers[self.channels[k]].active for k in gig.tolist()]]
        self.drivers = recruit_drivers(settings.drivers, city, gig, active, self.streams)
        self.assign_apps(self.drivers.apps.copy())
        rates = expected_rates(settings.drivers, settings.customers, settings.couriers, city, nearest)
        self.drivers.belief_usd_per_h[:] = rates
        for kind, population in ((Customer, self.households), (Retailer, self.stores), (Driver, self.drivers)):
            register(self, kind, population)
        self.orders = Orders(0)
        self.orders.journal = self.drivers.journal = Journal() if settings.run.record else None
        slots = settings.retailers.kerb.slots
        self.kerb = None if slots is None else Kerb(slots, np.array([mall.place for mall in city.malls]))
        self.relocation = open_relocation(self)
        self.couriers = create_couriers(self)
        self.quote_h = np.zeros(len(self.channels))
        self.quote_h[: len(self.couriers)] = [courier.quote_h for courier in self.couriers]

        reviews = self.streams.key(Stream.RETAILER, "reviews")
        self.membership = Membership(settings, self.stores, len(self.households), reviews, self.regulator)
        self.hiring = Hiring(settings, self.drivers, len(self.households), mean_way_km(city, nearest, self.roads))
        door_h = settings.drivers.door_min / 60
        toll = self.regulator.toll
        self.shopping = Shopping(
            settings.retailers, self.stores, nearest, self.roads, door_h, customers=settings.customers, toll=toll
        )
        self.constants = channel_constants(settings, city)
        self.memory_h = np.zeros((city.zones.n, len(self.channels)))
        self.settlement = open_settlement(settings, self.stores)
        self.ledger = self.settlement.ledger
        self.records: list[DayRecord] = []
        self.enforcement = Enforcement(self)
        self.broker = Broker.of(self)
        self.strategy = Strategy(self)
        self.adoption = Adoption(nan, nan)
        if settings.retailers.opt_in.mode == "equilibrium":
            self.adoption = equilibrium_shares(self)
            start = settings.retailers.opt_in.equilibrium_from
            self.membership.join(self.adoption.up if start == "none" else self.adoption.down)
        self._turn_key = self.streams.key(Stream.TIE_BREAK, "couriers")
        self._next_requote_s, self.occasions_before = settings.dispatch.requote_s, 0
        self.today: ShoppingDay

    def run(self) -> Outcome:
        """Run all days, follow the orders that are still open, and return what came out."""
        for day in range(self.settings.run.days):
            self.open_day(day)
            while self.now_s < (day + 1) * DAY_S:
                self.step()
            self.close_day(day)
        self.run_out()
        return write_outcome(self)

    def step(self) -> None:
        """Run one dispatch interval: the next in which anything can happen.

        Quotes hold for some minutes. What shoppers choose on them, and when the stores have it packed, depends on
        nothing else that happens until the next quotes, so it is worked out for all those minutes at once; couriers
        see an order when its time has come.
        """
        self.now_s = self._next_decision_s()
        self.orders.close(self.drivers.advance(self.now_s), Status.DELIVERED)
        for courier in self._in_random_order():
            courier.dispatch(self.now_s)
        if self.now_s >= self._next_requote_s:
            self._requote()
            self._shop()
            if self.relocation is not None:
                self.relocation.decide(self.now_s)
        check_interval(self)

    def open_day(self, day: int) -> None:
        """Draw the day's shoppers, post terms, and let drivers plan."""
        self.day = day
        if 0 < day == self.settings.run.warmup_days:
            self.start = Start.of(self)
        self.enforcement.open_day(day)
        self.strategy.open_day(day)
        settings = self.settings
        occasions = draw_occasions(
            settings.customers, settings.retailers, self.households, day, self.streams, self.channels, self.nests
        )
        home = self.households.home[occasions.household]
        self.today = ShoppingDay(
            day,
            self.occasions_before,
            occasions,
            self.households,
            self.shopping,
            [self.terms_of(courier, occasions.basket_usd, home) for courier in self.couriers],
            self.constants,
            self.memory_h,
            self.orders,
            self.roads,
            self.city.places.zone,
        )
        self.occasions_before += len(occasions)
        self.hiring.open_day()
        self.drivers.plan_day(day, settings.drivers, self.enforcement.admit_within_caps)
        self.hiring.promise_pay()
        self._shop()

    def close_day(self, day: int) -> None:
        """Send the vans, settle the day, let customers remember and drivers learn."""
        self.today.write_bills()
        for courier in self.couriers:
            self.settlement.settle_vehicles(courier.number, courier.fleet.close_day(day))
        self.drivers.close_day(day)
        self.enforcement.close_day(day)
        remember_lateness(self)
        self.households.last_channel[self.today.occasions.household] = self.today.occasions.choice
        settle_orders(self)
        settle_trips(self)
        self.settlement.settle_day(self.gig_numbers)
        self.hiring.settle(self.settlement)
        settle_shifts(self, (day + 1) * DAY_S)
        self.drivers.learn(self.settings.drivers.belief_rate, self.regulator.shared_earnings)
        self.records.append(record_day(self))
        self.strategy.close_day(day)
        if (day + 1) % DAYS_PER_WEEK == 0:
            self.close_week(day // DAYS_PER_WEEK)

    def close_week(self, week: int) -> None:
        """Let drivers leave who earn too little, and stores review whether to be on mall-direct."""
        close_weeks(self.drivers, self.settings.drivers)
        self.membership.close_week(week, self.orders, self.today.terms, self.enforcement.subsidy)

    def run_out(self) -> None:
        """Follow open orders to their end without new shoppers, then send the drivers home."""
        last_s = self.now_s + self.settings.run.runout_h * HOUR_S
        self.day += 1
        while self.drivers.carried or any(courier.fleet.is_matching for courier in self.couriers):
            if self._next_decision_s() > last_s:
                break
            self.step()
        settle_orders(self)
        self.drivers.send_home(self.now_s)
        settle_shifts(self, self.now_s)
        check_clocks(self.drivers)

    def _next_decision_s(self) -> float:
        """Return the end of the next interval in which anything can happen, or the next event if there are none."""
        interval_s = self.settings.dispatch.interval_s
        tick = floor(self.now_s / interval_s) + 1 if interval_s else 0
        if interval_s and any(courier.fleet.can_send for courier in self.couriers):
            return tick * interval_s
        events = [self.drivers.next_event_s(), (self.day + 1) * DAY_S, self._next_requote_s]
        events += [courier.fleet.next_event_s(self.now_s) for courier in self.couriers]
        if not interval_s:
            events.append(self.today.next_arrival_s(self.now_s))
        event_s = min(time for time in events if time > self.now_s)
        return max(tick, ceil(event_s / interval_s)) * interval_s if interval_s else event_s

    def _shop(self) -> None:
        """Let those who come before the next quotes choose and order on the present ones, and stores pick for them."""
        interval_s, until_s = self.settings.dispatch.interval_s, self._next_requote_s
        shoppers = self.today.arrive(ceil(until_s / interval_s) * interval_s if interval_s else until_s)
        quote_h = self._quotes(shoppers)
        self.today.choose(shoppers, quote_h)
        if self.broker is not None:
            self.broker.route(shoppers, quote_h)
        self._pick(self.today.place(shoppers, quote_h))

    def _pick(self, placed: slice) -> None:
        """Let stores queue the new orders, and couriers take them."""
        orders, rows = self.orders, np.arange(placed.start, placed.stop)
        courier = orders.courier[placed]
        orders.ready_s[placed] = orders.placed_s[placed] + self.today.preparation_s[courier]
        from_store = rows[self.today.packed_on_order[courier]]
        orders.ready_s[from_store] = self.stores.pick(
            orders.store[from_store], orders.placed_s[from_store], self.today.picking_s(from_store)
        )
        orders.close(from_store[self.today.is_missing(from_store)].tolist(), Status.CANCELLED)
        is_open = orders.status[placed] == Status.OPEN
        for number in np.unique(courier[is_open]).tolist():
            self.couriers[number].fleet.take(rows[is_open & (courier == number)])

    def _in_random_order(self) -> list[Courier]:
        """Order the couriers that have orders waiting afresh at each interval, so that none is always first."""
        waiting = [courier for courier in self.couriers if courier.fleet.is_matching]
        if len(waiting) < 2:
            return waiting
        moment = round(self.now_s * 1000)
        return sorted(waiting, key=lambda courier: hashed_integer(self._turn_key, moment, courier.number))

    def _requote(self) -> None:
        """Renew all quotes."""
        every_s = self.settings.dispatch.requote_s
        self._next_requote_s = (floor(self.now_s / every_s) + 1) * every_s
        self.enforcement.refresh(self.now_s)
        for courier in self.couriers:
            courier.requote(self.now_s)
            self.quote_h[courier.number] = courier.quote_h

            if isinstance(courier.fleet, GigFleet) and courier.fleet.surge is not None:
                share = courier.fleet.settings.surge.customer_share
                fee_usd = self.today.terms[courier.number].fee_usd
                self.today.surge_usd[:, courier.number] = share * (courier.fleet.surge - 1) * fee_usd

    def _quotes(self, shoppers: slice) -> Floats:
        """Return the quotes to some shoppers, float64 [C], or [m, C] where couriers quote by zone or promise a time."""
        own = [
            courier for courier in self.couriers if isinstance(courier.fleet, GigFleet) and courier.fleet.tells_apart
        ]
        if not own or shoppers.start == shoppers.stop:
            return self.quote_h
        zone = self.households.zone[self.today.occasions.household[shoppers]]
        quote_h = np.tile(self.quote_h, (len(zone), 1))
        for courier in own:
            if isinstance(courier.fleet, GigFleet) and np.isfinite(courier.quote_h):
                drive_h = self.today.choices.drive_h[shoppers, courier.number]
                quote_h[:, courier.number] = courier.fleet.quotes_h(zone, drive_h, self.now_s)
        return quote_h

    def assign_apps(self, apps: NDArray[np.int64]) -> None:
        """Let drivers have these apps, as far as policies allow, and with them the offers of pools they belong to."""
        self.chosen_apps = apps
        allowed = self.regulator.homing(apps)
        for brand, leader in self.settings.strategy.pooled.items():
            allowed = join_pool(allowed, self.channels.index(brand), self.channels.index(leader))
        self.drivers.apps[:] = allowed

    def terms_of(self, courier: Courier, basket_usd: Floats, home: Ints) -> Terms:
        """Return a courier's terms for baskets, float64 [n], to homes, int [n], after policies."""
        settings = courier.settings
        commission = self.membership.commission(courier.name, settings.commission)
        if settings.fulfilment == "gig":
            commission = self.regulator.commission(commission)
        tax_usd = self.regulator.tax(basket_usd, home, settings.fulfilment)
        source = settings.source(self.stores.listed[:, courier.number], self.warehouse)
        terms = settings.post_terms(commission, tax_usd, source)
        terms = replace(terms, active=courier.active, fee_usd=courier.fee_usd)
        added_usd = self.regulator.added_fee(courier.fee_usd, home, settings.fulfilment)
        if self.regulator.passed_on > 0:
            added_usd = added_usd + self.regulator.passed_on * self.enforcement.burden.usd_per_order[courier.number]
        if isinstance(settings, GigCourierSettings):
            return replace(
                terms, added_fee_usd=added_usd, credit_usd=self.regulator.promise(settings.promise).credit_usd
            )
        return replace(terms, added_fee_usd=added_usd)


def simulate(settings: Settings, city: City, replication: int) -> Outcome:
    """Run one replication of one design point.

    Parameters
    ----------
    settings
        The design point.
    city
        From `models.city.build_city(settings.city)`.
    replication
        From 0.
    """
    if settings.traffic.profile == "congested":
        settings, city = settle_traffic(settings, city, simulate)
    return Market(settings, city, replication).run()
