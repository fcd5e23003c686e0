"""The market, event by event, in lists and loops: nothing is skipped, nothing is done for many at once.

It is slow and obvious on purpose. The fast model must make the same decisions and move the same money.
"""

from collections.abc import Callable
from math import inf

from tests.reference.admission import Gate
from tests.reference.adoption import Adoption
from tests.reference.beliefs import learn, plan, settle, worked
from tests.reference.choosing import best, place_order, weigh
from tests.reference.fleet import Desk
from tests.reference.floors import Owed, top_up
from tests.reference.meals import asked, is_ordered, meal_desks, order_meal, weigh_meal
from tests.reference.membership import Membership
from tests.reference.money import Accounts
from tests.reference.noise import mixed
from tests.reference.passing_on import Burden, PassingOn
from tests.reference.refused import refuse_unknown
from tests.reference.strategy import fee_rule
from tests.reference.tours import tours_of
from tests.reference.turnover import let_newcomers_in
from tests.reference.world import DAY_S, HOUR_S, Gig, Parcel, World

type Learn = Callable[[World, int], None]
"""What drivers make of a day that closes."""


class SlowMarket:
    """Run a world; afterwards its lists say what happened."""

    def __init__(self, world: World, learn: Learn = learn) -> None:
        refuse_unknown(world.settings)
        self.world, self.learn = world, learn
        self.settings = world.settings
        self.couriers = list(self.settings["couriers"].values())
        self.gig_numbers = [k for k, each in enumerate(self.couriers) if each["fulfilment"] == "gig"]
        slots = self.settings["retailers"]["kerb"]["slots"]
        world.kerb = {mall: [[] for _ in range(slots)] for mall in world.malls} if slots else {}
        self.desks = {k: Desk(world, k, self.couriers[k]) for k in self.gig_numbers}
        self.meal_desks = meal_desks(world)
        self.meal_quotes_h: list[float | None] = []
        self.meals: list[Parcel] = []
        self.to_order = [list(meals) for meals in world.meals]
        self.meal_gain_usd = [0.0 for _ in world.meals]
        self.parcels: list[Parcel] = []
        self.to_ship: list[Parcel] = []
        self.ended_today: list[Parcel] = []
        self.accounts, self.gate = Accounts(world), Gate(world)
        self.membership = Membership(world)
        self.fees = fee_rule(world, self.parcels, self.accounts, self._as_observed)
        self.burden = Burden(world)
        self.passing_on = PassingOn(world, self.burden, self.gate.online_h)
        self.came: list[tuple[int, int]] = []
        self.short = self.passing_on.beyond
        self.wants: list[list[bool]] = []
        self.let_in: list[list[bool]] = []
        self.top_ups: list[Owed] = []
        self.memory_h = [[0.0] * len(world.channels) for _ in range(world.zones)]
        self.quotes_h: list[float | None] = [each.get("quote_h") for each in self.couriers]
        self.shift_changes: list[tuple[float, int, bool]] = []
        self.now_s = 0.0
        self.quoted = 0
        self._allow_apps()
        self._renew_quotes()
        if world.settings["retailers"]["opt_in"]["mode"] in {"equilibrium", "landlord"}:
            Adoption(world, self.membership, self.quotes_h).start()
        if world.rest is not None:
            settle(world, world.rest)

    def run(self) -> None:
        """Run all days, then follow what is open."""
        for day in range(self.settings["run"]["days"]):
            self._open(day)
            while self.now_s < (day + 1) * DAY_S:
                self._decide(self._next_s((day + 1) * DAY_S), day)
            self._close(day)
        end_s = self.now_s + self.settings["run"]["runout_h"] * HOUR_S
        while any(gig.order for gig in self.world.gigs) or any(desk.waiting for desk in self._all_desks()):
            next_s = self._next_s(inf)
            if next_s > end_s:
                break
            self._decide(next_s, self.settings["run"]["days"])
        self._settle_ended()
        for gig in self.world.gigs:
            if gig.online and gig.order is None:
                self._log_off(gig, self.now_s)
            self.accounts.shifts(gig, self.now_s)

    @staticmethod
    def _as_observed(world: World) -> list[Parcel]:
        """Run another world, and return its orders."""
        market = SlowMarket(world)
        market.run()
        return market.parcels

    def _next_s(self, day_ends_s: float) -> float:
        interval_s = float(self.settings["dispatch"]["interval_s"])
        if interval_s:
            return round(self.now_s / interval_s + 1) * interval_s
        times = [day_ends_s, (self.quoted + 1) * float(self.settings["dispatch"]["requote_s"])]
        times += [shopper.arrive_s for shoppers in self.world.days for shopper in shoppers if shopper.choice < 0]
        times += [meal.placed_s for meals in self.to_order for meal in meals]
        times += [change[0] for change in self.shift_changes]
        times += [gig.order.delivered_s for gig in self.world.gigs if gig.order]
        times += [desk.next_s(self.now_s) for desk in self._all_desks()]
        return min(each for each in times if each > self.now_s)

    def _decide(self, now_s: float, day: int) -> None:
        """Do all that is due by now, in the order of the schedule."""
        self.now_s = now_s
        self._move_drivers()
        shoppers = self.world.days[day] if day < len(self.world.days) else []
        for shopper in shoppers:
            if shopper.choice < 0 and shopper.arrive_s <= now_s:
                utility, shown = weigh(self.world, shopper, self.quotes_h, self.memory_h)
                shopper.choice = best(utility, shopper.noise)
                if shopper.choice in shown:
                    self._take(place_order(self.world, shopper, day, shown, self.quotes_h, self.memory_h))
        self._order_meals(day)
        moment = round(now_s * 1000)
        for desk in sorted(self._all_desks(), key=lambda each: mixed(self.world.key_turn, moment, each.turn)):
            for order in desk.dispatch(now_s, self.world.gigs):
                order.status = "cancelled"
                self.ended_today.append(order)
        if now_s >= (self.quoted + 1) * self.settings["dispatch"]["requote_s"]:
            self.quoted = int(now_s // self.settings["dispatch"]["requote_s"])
            self._renew_quotes()

    def _allow_apps(self) -> None:
        allowed = self.world.rules.apps([gig.chosen for gig in self.world.gigs])
        for gig, apps in zip(self.world.gigs, allowed, strict=True):
            gig.apps = apps

    def _renew_quotes(self) -> None:
        for number, desk in self.desks.items():
            self.quotes_h[number] = desk.quote_h(self.now_s, self.world.gigs, self._all_desks())
        self.meal_quotes_h = [desk.quote_h(self.now_s, self.world.gigs, self._all_desks()) for desk in self.meal_desks]
        hour = int(self.now_s % DAY_S // HOUR_S)
        for desk, quote_h in zip(self.meal_desks, self.meal_quotes_h, strict=True):
            if quote_h is not None:
                self.world.meal_quotes.setdefault((desk.number, hour), []).append(quote_h)

    def _all_desks(self) -> list[Desk]:
        return [*self.desks.values(), *self.meal_desks]

    def _order_meals(self, day: int) -> None:
        """Let those order who want a meal by now."""
        to_order = self.to_order[day] if day < len(self.to_order) else []
        numbers = [desk.number for desk in self.meal_desks]
        while to_order and to_order[0].placed_s <= self.now_s:
            meal, quotes_h = to_order.pop(0), dict(zip(numbers, self.meal_quotes_h, strict=True))
            ratio, pull, gain_usd = weigh_meal(self.world, meal, quotes_h)
            self.meal_gain_usd[day] += gain_usd
            if not is_ordered(self.world, meal, ratio):
                continue
            order = order_meal(self.world, meal, len(self.meals), day, asked(meal, pull), quotes_h)
            self.meals.append(order)
            if order.status == "open":
                next(desk for desk in self.meal_desks if desk.number == order.courier).waiting.append(order)

    def _take(self, order: Parcel) -> None:
        order.number = len(self.parcels)
        self.parcels.append(order)
        if order.shop is None:
            self.to_ship.append(order)
            return
        pickers = order.shop.pickers
        first = pickers.index(min(pickers))
        pickers[first] = max(pickers[first], order.placed_s) + order.shopper.picking_s
        order.ready_s = pickers[first]
        self.desks[order.courier].waiting.append(order)

    def _open(self, day: int) -> None:
        self.world.rules.open_day(day)
        self._allow_apps()
        self.membership.relist()
        self.accounts.subsidy = self.membership.subsidy = self.world.rules.subsidy(self.accounts.subsidies_usd)
        if day % 7 == 0:
            self.fees.set_fees(day, self.quotes_h, self.memory_h)
        self.passing_on.open_day(day, self.quotes_h, self.memory_h)
        self.came += [(day, gig.number) for gig in let_newcomers_in(self.world, day)]
        self.shift_changes = []
        self.wants = [plan(self.world, gig, works=gig.online and not gig.leaving) for gig in self.world.gigs]
        self.let_in = self.gate.admit(day, self.wants)
        for gig in self.world.gigs:
            works = gig.online and not gig.leaving
            for hour, may in enumerate(self.let_in[gig.number]):
                if may != works:
                    self.shift_changes.append((day * DAY_S + hour * HOUR_S + gig.offset_s, gig.number, may))
                works = may
        self.shift_changes.sort()

    def _move_drivers(self) -> None:
        """Let trips end and shifts change in the order of time."""
        while True:
            ends = [(gig.order.delivered_s, 0, gig) for gig in self.world.gigs if gig.order]
            due = [(time_s, 1, self.world.gigs[k]) for time_s, k, _ in self.shift_changes[:1]]
            due = [each for each in ends + due if each[0] <= self.now_s]
            if not due:
                return
            time_s, what, gig = min(due, key=lambda each: each[:2])
            if what == 0:
                self._finish(gig, time_s)
            else:
                self._change(gig, time_s, starts=self.shift_changes.pop(0)[2])

    def _finish(self, gig: Gig, time_s: float) -> None:
        if gig.order is None:
            raise AssertionError("only a busy driver can finish")
        gig.order.status = "delivered"
        gig.record += 1
        self.ended_today.append(gig.order)
        gig.order, gig.free_since_s = None, time_s
        if gig.leaving:
            self._log_off(gig, time_s)

    def _change(self, gig: Gig, time_s: float, *, starts: bool) -> None:
        if gig.order:
            gig.leaving = not starts
        elif starts:
            gig.online, gig.place, gig.log_ons = True, gig.home, gig.log_ons + 1
            gig.since_s = gig.free_since_s = time_s
        else:
            self._log_off(gig, time_s)

    def _log_off(self, gig: Gig, time_s: float) -> None:
        gig.online = gig.leaving = False
        gig.spend("idle", time_s - gig.free_since_s)
        gig.spend("online", time_s - gig.since_s)
        gig.shifts.append((gig.since_s, time_s))

    def _close(self, day: int) -> None:
        vans = [(k, each) for k, each in enumerate(self.couriers) if each["fulfilment"] == "van"]
        for number, courier in vans:
            self._ship(day, number, courier["firm"])
        self.top_ups.append(top_up(self.world, self.accounts, day, self.ended_today))
        meals = [each for each in self.meals if each.day == day]
        self.gate.learn(self.world.days[day], meals, self.ended_today)
        online_h = sum(worked(gig, day, hour) for gig in self.world.gigs for hour in range(24))
        self.burden.learn(self.ended_today, online_h)
        self._remember()
        self._settle_ended()
        for shopper in self.world.days[day]:
            channel = self.world.channels[shopper.choice]
            if channel in {"store_mall", "store_big_box"}:
                self.accounts.own_trip(shopper, channel)
        for shop in self.world.shops:
            self.accounts.membership(shop, self.gig_numbers)
            if shop.mall is not None and self.membership.direct in shop.listed:
                self.accounts.subsidise(shop, self.accounts.subsidy[1] / 7)
        for gig in self.world.gigs:
            self.accounts.shifts(gig, self.now_s)
        for shopper in self.world.days[day]:
            self.world.people[shopper.person].last = shopper.choice
        self.learn(self.world, day)
        if (day + 1) % 7 == 0 or day + 1 == self.settings["run"]["days"]:
            self.fees.review(day)
        if (day + 1) % 7 == 0:
            self.membership.close_week(day // 7, self.parcels)

    def _ship(self, day: int, number: int, firm: str) -> None:
        parcels = sorted((each for each in self.to_ship if each.courier == number), key=lambda p: p.shopper.person)
        self.to_ship = [each for each in self.to_ship if each.courier != number]
        if not parcels:
            return
        tours = tours_of(self.world, number, len(parcels))
        self.accounts.sink(("firm", firm), "vans", tours.usd)
        leaves_s = (day + 1) * DAY_S + self.couriers[number]["tours"]["leaves_h"] * HOUR_S
        for position, order in enumerate(parcels):
            order.ready_s = order.accepted_s = order.picked_s = leaves_s
            order.delivered_s = leaves_s + (position + 0.5) / len(parcels) * tours.hours / tours.routes * HOUR_S
            order.promised_s = (day + 2) * DAY_S
            order.status = "delivered"
            self.ended_today.append(order)

    def _remember(self) -> None:
        memory = self.settings["customers"]["memory"]
        for zone, row in enumerate(self.memory_h):
            for number in range(len(self.couriers)):
                late_h = [
                    memory["cancelled_h"]
                    if order.status == "cancelled"
                    else max(0.0, order.delivered_s - order.promised_s) / HOUR_S
                    for order in self.ended_today
                    if order.zone == zone and order.courier == number and order.meal is None
                ]
                if late_h:
                    mean_h = sum(late_h) / len(late_h)
                    row[number] = (1 - memory["rate"]) * row[number] + memory["rate"] * mean_h

    def _settle_ended(self) -> None:
        for order in self.ended_today:
            if order.status == "delivered":
                self.accounts.delivered(order)
            self.accounts.packed(order)
        self.ended_today = []
