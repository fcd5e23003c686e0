"""The market: builds the world and runs its intervals, days and weeks (model 3)."""

from math import ceil, floor, nan

import mesa
import numpy as np

from agents.couriers.courier import Courier
from agents.customers.households import Customer
from agents.drivers.clocks import close_weeks
from agents.drivers.driver import Driver
from agents.kernel.clock import DAY_S, DAYS_PER_WEEK, HOUR_S
from agents.kernel.handles import register
from agents.kernel.noise import hashed_integer
from agents.kernel.order import Status
from agents.retailers.retailer import Retailer
from models.city import City
from models.closing import Closing, remember_lateness
from models.demand.day import ShoppingDay
from models.demand.draw import draw_occasions
from models.demand.quotes import Quotes
from models.demand.recording import record_day
from models.measures.evidence import Evidence
from models.measures.invariants import check_clocks, check_interval
from models.measures.outcome import Outcome, write_outcome
from models.measures.start import Start
from models.money.settlement import Settlement
from models.opening.couriers import create_couriers, open_relocation, relocation_theta
from models.opening.world import create_kerb, open_world
from models.regulation.enforcement import Enforcement
from models.settings.tree import Settings
from models.strategy.adoption import Adoption, equilibrium_shares
from models.strategy.broker import Broker
from models.strategy.strategy import Strategy
from models.streams import Stream
from models.supply.apps import Apps
from models.supply.hiring import Hiring, mean_way_km
from models.supply.membership import Membership
from models.supply.presence import Presence
from models.supply.terms import TermsDesk


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
        self.settings = settings
        self.world = world = open_world(self, settings, city, replication)
        self.apps = Apps(world)
        for kind, population in ((Customer, world.households), (Retailer, world.stores), (Driver, world.drivers)):
            register(self, kind, population)
        self.kerb = create_kerb(world)
        self.relocation = open_relocation(world)
        world.couriers += create_couriers(self, world, self.kerb)
        self.quotes = Quotes(world)

        reviews = world.streams.key(Stream.RETAILER, "reviews")
        self.membership = Membership(settings, world.stores, len(world.households), reviews, world.regulator)
        way_km = mean_way_km(city, world.shopping.nearest, world.roads)
        self.hiring = Hiring(settings, world.drivers, len(world.households), way_km)
        self.settlement = Settlement.of(settings, world.ledger, world.stores)
        self.terms = TermsDesk(world, self.membership)
        self.enforcement = Enforcement(world, self.apps, self.membership, self.settlement)
        self.closing = Closing(world, self.settlement, self.enforcement)
        self.broker = Broker.of(world)
        presence = Presence(world, self.membership, self.hiring, self.apps)
        self.strategy = Strategy(world, self.terms, self.settlement, presence)
        self.adoption = Adoption(nan, nan)
        if settings.retailers.opt_in.mode == "equilibrium":
            self.adoption = equilibrium_shares(world, self.membership, self.terms, self.enforcement.subsidy)
            start = settings.retailers.opt_in.equilibrium_from
            self.membership.join(self.adoption.up if start == "none" else self.adoption.down)
        self._turn_key = world.streams.key(Stream.TIE_BREAK, "couriers")
        self.occasions_before = 0
        self.today: ShoppingDay

    def run(self) -> Outcome:
        """Run all days, follow the orders that are still open, and return what came out."""
        for day in range(self.settings.run.days):
            self.open_day(day)
            while self.world.clock.now_s < (day + 1) * DAY_S:
                self.step()
            self.close_day(day)
        self.run_out()
        return write_outcome(self.world, self.evidence(), self.strategy)

    def evidence(self) -> Evidence:
        """Return all that measures look at, as far as the market has come."""
        return Evidence.of(self.world, self.kerb, self.start, self.strategy.pressure(), self.adoption)

    def step(self) -> None:
        """Run one dispatch interval: the next in which anything can happen.

        Quotes hold for some minutes. What shoppers choose on them, and when the stores have it packed, depends on
        nothing else that happens until the next quotes, so it is worked out for all those minutes at once; couriers
        see an order when its time has come.
        """
        world, clock = self.world, self.world.clock
        clock.now_s = self._next_decision_s()
        world.orders.close(world.drivers.advance(clock.now_s), Status.DELIVERED)
        for courier in self._in_random_order():
            courier.dispatch(clock.now_s)
        if clock.now_s >= self.quotes.next_s:
            self.apps.refresh()
            self.quotes.renew(self.today)
            self._shop()
            if self.relocation is not None:
                self.relocation.decide(clock.now_s)
        check_interval(world)

    def open_day(self, day: int) -> None:
        """Draw the day's shoppers, post terms, and let drivers plan."""
        world, settings = self.world, self.settings
        world.clock.day = day
        if 0 < day == settings.run.warmup_days:
            self.start = Start.of(world, self.kerb)
        self.enforcement.open_day(day)
        if self.relocation is not None:
            self.relocation.theta = relocation_theta(world)
        self.strategy.open_day(day)
        names, nests = world.channels.names, world.channels.nests
        occasions = draw_occasions(
            settings.customers, settings.retailers, world.households, day, world.streams, names, nests
        )
        home = world.households.home[occasions.household]
        self.today = ShoppingDay(
            day,
            self.occasions_before,
            occasions,
            world.households,
            world.shopping,
            self.terms.of_all(occasions.basket_usd, home),
            world.channels.constants,
            world.memory.lateness_h,
            world.orders,
            world.roads,
            world.city.places.zone,
        )
        self.occasions_before += len(occasions)
        self.hiring.open_day()
        world.drivers.plan_day(day, settings.drivers, self.enforcement.admit_within_caps)
        self.hiring.promise_pay()
        self._shop()

    def close_day(self, day: int) -> None:
        """Send the vans, settle the day, let customers remember and drivers learn."""
        world = self.world
        self.today.write_bills()
        for courier in world.couriers:
            self.settlement.settle_vehicles(courier.number, courier.fleet.close_day(day))
        world.drivers.close_day(day)
        self.enforcement.close_day(day, self.today)
        remember_lateness(world)
        world.households.last_channel[self.today.occasions.household] = self.today.occasions.choice
        self.closing.settle_orders(self.start)
        self.closing.settle_trips(self.today)
        self.settlement.settle_day(world.channels.gig)
        self.hiring.settle(self.settlement)
        self.closing.settle_shifts((day + 1) * DAY_S)
        world.drivers.learn(self.settings.drivers, world.regulator.shared_earnings)
        world.memory.days.append(record_day(world, self.today, self.membership))
        self.strategy.close_day(day)
        if (day + 1) % DAYS_PER_WEEK == 0:
            self.close_week(day // DAYS_PER_WEEK)

    def close_week(self, week: int) -> None:
        """Let drivers leave who earn too little, and stores review whether to be on mall-direct."""
        close_weeks(self.world.drivers, self.settings.drivers)
        self.membership.close_week(week, self.world.orders, self.today.terms, self.enforcement.subsidy)

    def run_out(self) -> None:
        """Follow open orders to their end without new shoppers, then send the drivers home."""
        world, clock = self.world, self.world.clock
        last_s = clock.now_s + self.settings.run.runout_h * HOUR_S
        clock.day += 1
        while world.drivers.carried or any(courier.fleet.is_matching for courier in world.couriers):
            if self._next_decision_s() > last_s:
                break
            self.step()
        self.closing.settle_orders(self.start)
        world.drivers.send_home(clock.now_s)
        self.closing.settle_shifts(clock.now_s)
        check_clocks(world.drivers)

    def _next_decision_s(self) -> float:
        """Return the end of the next interval in which anything can happen, or the next event if there are none."""
        interval_s, couriers = self.settings.dispatch.interval_s, self.world.couriers
        now_s, day = self.world.clock.now_s, self.world.clock.day
        tick = floor(now_s / interval_s) + 1 if interval_s else 0
        if interval_s and any(courier.fleet.can_send for courier in couriers):
            return tick * interval_s
        events = [self.world.drivers.next_event_s(), (day + 1) * DAY_S, self.quotes.next_s]
        events += [courier.fleet.next_event_s(now_s) for courier in couriers]
        if not interval_s:
            events.append(self.today.next_arrival_s(now_s))
        event_s = min(time for time in events if time > now_s)
        return max(tick, ceil(event_s / interval_s)) * interval_s if interval_s else event_s

    def _shop(self) -> None:
        """Let those who come before the next quotes choose and order on the present ones, and stores pick for them."""
        interval_s, until_s = self.settings.dispatch.interval_s, self.quotes.next_s
        shoppers = self.today.arrive(ceil(until_s / interval_s) * interval_s if interval_s else until_s)
        quote_h = self.quotes.shown(self.today, shoppers)
        self.today.choose(shoppers, quote_h)
        if self.broker is not None:
            self.broker.route(self.today, shoppers, quote_h)
        self._pick(self.today.place(shoppers, quote_h))

    def _pick(self, placed: slice) -> None:
        """Let stores queue the new orders, and couriers take them."""
        world, orders, rows = self.world, self.world.orders, np.arange(placed.start, placed.stop)
        courier = orders.courier[placed]
        orders.ready_s[placed] = orders.placed_s[placed] + self.today.preparation_s[courier]
        from_store = rows[self.today.packed_on_order[courier]]
        orders.ready_s[from_store] = world.stores.pick(
            orders.store[from_store], orders.placed_s[from_store], self.today.picking_s(from_store)
        )
        orders.close(from_store[self.today.is_missing(from_store)].tolist(), Status.CANCELLED)
        is_open = orders.status[placed] == Status.OPEN
        for number in np.unique(courier[is_open]).tolist():
            world.couriers[number].fleet.take(rows[is_open & (courier == number)])

    def _in_random_order(self) -> list[Courier]:
        """Order the couriers that have orders waiting afresh at each interval, so that none is always first."""
        waiting = [courier for courier in self.world.couriers if courier.fleet.is_matching]
        if len(waiting) < 2:
            return waiting
        moment = round(self.world.clock.now_s * 1000)
        return sorted(waiting, key=lambda courier: hashed_integer(self._turn_key, moment, courier.number))
