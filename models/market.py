"""The market: builds the world and runs its intervals, days and weeks (model 3)."""

import mesa
from mesa.datacollection import DataCollector
from mesa.time import Priority

from galleria.agents.customers.households import Customer
from galleria.agents.drivers.clocks import close_weeks
from galleria.agents.drivers.driver import Driver
from galleria.agents.kernel.clock import DAY_S, DAYS_PER_WEEK, HOUR_S
from galleria.agents.kernel.handles import register
from galleria.agents.retailers.retailer import Retailer
from galleria.models.city import City
from galleria.models.closing import Closing, remember_lateness
from galleria.models.demand.day import ShoppingDay
from galleria.models.demand.draw import draw_occasions
from galleria.models.demand.expected import expected_orders, mean_way
from galleria.models.demand.own_trips import own_trips
from galleria.models.demand.quotes import Quotes
from galleria.models.demand.recording import record_day
from galleria.models.demand.shop import Shop
from galleria.models.measures.evidence import Evidence
from galleria.models.measures.invariants import check_clocks, check_interval
from galleria.models.measures.outcome import Outcome, write_outcome
from galleria.models.measures.series import SERIES
from galleria.models.measures.start import Start
from galleria.models.money.settlement import Settlement
from galleria.models.opening.couriers import create_couriers, open_relocation, relocation_theta
from galleria.models.opening.rest import Learn, Rest, learn_from_the_day, settle_beliefs
from galleria.models.opening.world import create_kerb, open_world
from galleria.models.regulation.enforcement import Enforcement
from galleria.models.settings.tree import Settings, with_seed
from galleria.models.strategy.broker import Broker
from galleria.models.strategy.joining import Joining
from galleria.models.strategy.strategy import Strategy
from galleria.models.supply.apps import Apps
from galleria.models.supply.hiring import Hiring
from galleria.models.supply.meals import MealService
from galleria.models.supply.membership import Membership
from galleria.models.supply.newcomers import let_newcomers_in
from galleria.models.supply.presence import Presence
from galleria.models.supply.rounds import Rounds
from galleria.models.supply.terms import TermsDesk
from galleria.models.world import World


class Market(mesa.Model):  # type: ignore[misc]  # Mesa is untyped
    """Customers, retailers, drivers and couriers on a city's roads under a regulator.

    A Mesa model whose `time` counts seconds since the first midnight. A step goes on to the next moment at which
    anything can happen; the first step of a day opens it, the last closes it, and at the end `running` is False.

    Parameters
    ----------
    settings
        One design point.
    city
        Places and travel tables.
    replication
        Number of the replication; with the seed it determines all random numbers.
    rng
        A seed in the place of `settings.run.seed`.
    collect
        Whether `datacollector` collects its series as the market runs, whenever quotes are renewed.
    rest, learn
        What drivers have learnt before the first day, None for what the closed form expects; what they make of a day.
    """

    _start: Start | None = None

    def __init__(
        self,
        settings: Settings,
        city: City,
        replication: int = 0,
        *,
        rng: int | None = None,
        collect: bool = False,
        rest: Rest | None = None,
        learn: Learn = learn_from_the_day,
    ) -> None:
        self.settings = settings = settings if rng is None else with_seed(settings, rng)
        super().__init__(rng=settings.run.seed)
        self._default_schedule.stop()
        self.datacollector, self._collects = DataCollector(SERIES), collect
        self.world = world = open_world(self, settings, city, replication)
        self._apps, self._learn = Apps(world), learn
        if rest is not None:
            settle_beliefs(world, rest)
            world.meals.usual_quote_h = rest.meal_quote_h if settings.meals else None
        for kind, population in ((Customer, world.households), (Retailer, world.stores), (Driver, world.drivers)):
            register(self, kind, population)
        self.kerb = create_kerb(world)
        self._relocation = open_relocation(world)
        world.couriers += create_couriers(self, world, self.kerb)
        self.quotes = Quotes(world)

        orders = expected_orders(settings, len(world.households))
        self.membership = Membership(world, orders)
        self._hiring = Hiring(settings, world.drivers, orders, mean_way(city, world.shopping.nearest).km)
        self.settlement = Settlement.of(settings, world.ledger, world.stores, world.drivers)
        self.terms = TermsDesk(world, self.membership)
        self._enforcement = Enforcement(world, self._apps, self.membership, self.settlement)
        self._closing = Closing(world, self.settlement, self._enforcement)
        self.shop = Shop(world, self.quotes, Broker.of(world))
        self._presence = Presence(world, self.membership, self._hiring, self._apps)

        def simulate(point: Settings) -> World:
            baseline = Market(point, city, replication, rest=rest)
            baseline.run()
            return baseline.world

        self.strategy = Strategy(
            world, self.terms, self.settlement, self._presence, simulate, self._enforcement.online_h
        )
        self._joining = Joining(world, self.membership, self.terms, self._enforcement.subsidy)
        self._rounds, self._meals = Rounds(world), MealService(world, settings.meals)
        self._occasions_before = 0
        self.today: ShoppingDay
        self._is_open = False
        self._last_s: float | None = None

    def run(self) -> Outcome:
        """Run all days, follow the orders that are still open, and return what came out.

        Raises
        ------
        RuntimeError
            If the market has run to its end already.
        """
        if not self.running:
            raise RuntimeError("this market has run to its end: ask for its outcome(), or make a new one to run again")
        while self.running:
            self.step()
        return self.outcome()

    def outcome(self) -> Outcome:
        """Return what came out of a market that has run to its end.

        Raises
        ------
        RuntimeError
            If it has not.
        """
        if self.running:
            raise RuntimeError(f"this market is at {self.time:.0f} s and still running: step() or run() it to its end")
        return write_outcome(self.world, self.evidence(), self.strategy)

    def run_until(self, end_time: float) -> None:
        """Do all steps that are due by a time, s, and what others have scheduled, as Mesa does."""
        while self.running and self.time < end_time and self._next_step_s() <= end_time:
            self.step()
        if self.time != end_time:
            super().run_until(end_time)

    def run_for(self, duration: float) -> None:
        """Run for some seconds of simulated time, as Mesa does."""
        self.run_until(self.time + duration)

    def evidence(self) -> Evidence:
        """Return all that measures look at, as far as the market has come."""
        return Evidence.of(self.world, self.kerb, self._start, self.strategy, self._joining)

    def step(self) -> None:
        """Run one dispatch interval: the next in which anything can happen.

        Quotes hold for some minutes. What shoppers choose on them, and when the stores have it packed, depends on
        nothing else that happens until the next quotes, so it is worked out for all those minutes at once; couriers
        see an order when its time has come.
        """
        world, clock = self.world, self.world.clock
        clock.now_s = self.time
        self._rounds.hand_over(clock.now_s)
        self._rounds.dispatch(clock.now_s)
        renews = clock.now_s >= self.quotes.next_s
        if renews:
            self.quotes.renew(self.today)
            self._meals.renew(clock.now_s)
            self.shop.serve(self.today)
            self._meals.serve(self.quotes.until_s)
            if self._relocation is not None:
                self._relocation.decide(clock.now_s)
        check_interval(world)
        if self._is_open and clock.now_s >= (clock.day + 1) * DAY_S:
            self.close_day(clock.day)
        if self._last_s is not None and self._is_over(self._last_s):
            self._end()
        if self._collects and (renews or not self.running):
            self.datacollector.collect(self)

    def _wrapped_step(self) -> None:
        """Go to the next step by Mesa's clock, past what others have scheduled before; do nothing after the end.

        Mesa puts this in the place of `step`; its own goes on by one unit of time.
        """
        if self.running:
            at_s = self._next_step_s()
            self.schedule_event(self._do_step, at=at_s, priority=Priority.HIGH)
            self._advance_time(at_s)

    def _next_step_s(self) -> float:
        """Return the time of the next step; between two days, open the next, which plans what happens when."""
        if not self._is_open and self._last_s is None:
            self.open_day(len(self.world.memory.days))
        return self._next_decision_s()

    def open_day(self, day: int) -> None:
        """Draw the day's shoppers, post terms, and let drivers plan."""
        world, settings = self.world, self.settings
        world.clock.day, self._is_open = day, True
        if 0 < day == settings.run.warmup_days:
            self._start = Start.of(world, self.kerb)
        self._presence.open_day()
        self._enforcement.open_day(day)
        if self._relocation is not None:
            self._relocation.theta = relocation_theta(world)
        self.strategy.open_day(day)
        names, nests = world.channels.names, world.channels.nests
        occasions = draw_occasions(
            settings.customers, settings.retailers, world.households, day, world.streams, names, nests
        )
        terms = self.terms.of_all(occasions, world.households)
        self.today = ShoppingDay(world, self._occasions_before, occasions, terms)
        self._occasions_before += len(occasions)
        let_newcomers_in(world)
        self._hiring.open_day()
        world.drivers.plan_day(day, settings.drivers, self._enforcement.admit_within_caps)
        self._hiring.promise_pay()
        self.shop.serve(self.today)
        self._meals.open_day()
        self._meals.serve(self.quotes.until_s)

    def close_day(self, day: int) -> None:
        """Send the vans, settle the day, let customers remember and drivers learn; then the next, or the end, comes."""
        world, self._is_open = self.world, False
        self.today.write_bills()
        self._joining.close_day(day, self.today, self._enforcement.subsidy)
        for courier in world.couriers:
            self.settlement.settle_vehicles(courier.number, courier.fleet.close_day(day))
        world.drivers.close_day(day)
        trips = own_trips(world, self.today)
        self._enforcement.close_day(day, self.today, trips)
        remember_lateness(world)
        world.households.last_channel[self.today.occasions.household] = self.today.occasions.choice
        self._closing.settle_orders(self._start)
        self._closing.settle_trips(self.today.occasions, trips)
        self.settlement.settle_day(world.channels.gig)
        self._hiring.settle(self.settlement)
        self._closing.settle_shifts((day + 1) * DAY_S)
        self._learn(world)
        world.memory.days.append(record_day(world, self.today, trips, self.membership.opt_in_share))
        self.strategy.close_day(day)
        if (day + 1) % DAYS_PER_WEEK == 0:
            self.close_week(day // DAYS_PER_WEEK)
        if day + 1 == self.settings.run.days:
            self._last_s = world.clock.now_s + self.settings.run.runout_h * HOUR_S
            world.clock.day += 1

    def close_week(self, week: int) -> None:
        """Let drivers leave who earn too little, and stores review whether to be on mall-direct."""
        close_weeks(self.world.drivers, self.settings.drivers)
        self.membership.close_week(week, self.world.orders, self.today.terms, self._enforcement.subsidy)

    def _is_over(self, last_s: float) -> bool:
        """Return whether all orders have ended after the last day, or would only after the time to follow them."""
        return not (self.world.drivers.carried or self._rounds.waits) or self._next_decision_s() > last_s

    def _end(self) -> None:
        """Settle what has ended since the last day, and send the drivers home."""
        world, now_s = self.world, self.world.clock.now_s
        self._closing.settle_orders(self._start)
        world.drivers.send_home(now_s)
        self._closing.settle_shifts(now_s)
        check_clocks(world.drivers)
        self.running = False

    def _next_decision_s(self) -> float:
        """Return the end of the next interval in which anything can happen, or the next event if there are none."""
        events = [self.quotes.next_s]
        if not self.settings.dispatch.interval_s:
            now_s = self.world.clock.now_s
            events += [self.today.next_arrival_s(now_s), self._meals.next_arrival_s(now_s)]
        return self._rounds.next_s(events)
