"""A gig courier's dispatcher: waiting orders, and who is asked to deliver them (model 7.4, 7.5)."""

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import inf

import numpy as np

from agents.arrays import Bools, Floats, Ints
from agents.bundled_dispatch import BundledDispatch, Hands, UnderWay
from agents.clock import DAY_S, HOUR_S
from agents.contracts import NOBODY
from agents.courier import GigCourierSettings
from agents.dispatch import pickup_cost
from agents.itinerary import arrivals
from agents.noise import hashed_integer, uniform_pairs
from agents.offers import OfferDesk, Offers, Surroundings
from agents.order import Status
from agents.quotes import Quotes
from agents.roads import drives_to

TIE_S = 1e-3
"""Ties between drivers are broken by noise of at most so many seconds."""

__all__ = ["GigFleet", "Surroundings"]


@dataclass(slots=True)
class Waiting:
    """What the dispatcher keeps at hand of an order that waits for a driver."""

    sendable_s: float
    deadline_s: float
    tie_seed: int
    paused: dict[int, float] = field(default_factory=dict)


class GigFleet:
    """Offers a courier's waiting orders to the drivers who work for it.

    Parameters
    ----------
    number, name
        The courier's.
    settings
        Its pay, quotes and patience.
    around
        What it shares with the others.
    """

    def __init__(self, number: int, name: str, settings: GigCourierSettings, around: Surroundings) -> None:
        self.number = number
        self.settings = settings
        self.around = around
        self.desk = OfferDesk(number, settings, around)
        self._waiting: dict[int, Waiting] = {}
        self._rule = around.dispatch.rule_of(name)
        self._bundler = BundledDispatch(
            around.roads,
            around.stops,
            around.dispatch.bundling,
            self._rule.match,
            around.dispatch.max_pickup_min * 60,
            around.dispatch.candidates,
        )
        plans = around.dispatch.bundling.lookahead_min if self._rule.bundles else around.dispatch.lookahead_min
        self._lookahead_s = plans * 60
        self._under_way: dict[int, Offers] = {}
        self._departures: list[tuple[float, float, int]] = []
        self.surge = 1.0
        self.promise = settings.promise
        self.quotes = Quotes(settings.quote, settings.observed.preparation_min, around.zones)

    @property
    def _works_here(self) -> Bools:
        """Which drivers have the app now: they take up an entrant's and drop a leaver's."""
        return self.around.drivers.on(self.number)

    @property
    def waiting(self) -> list[int]:
        """Orders that nobody carries yet, in order of placement."""
        return list(self._waiting)

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver."""
        return bool(self._waiting)

    def take(self, rows: list[int]) -> None:
        """Take orders that were just placed."""
        orders, around = self.around.orders, self.around
        for row in rows:
            self._waiting[row] = Waiting(
                sendable_s=float(orders.ready_s[row]) - self._lookahead_s,
                deadline_s=float(orders.promised_s[row]) + self.settings.patience_h * 3600,
                tie_seed=hashed_integer(around.tie_key, int(orders.occasion[row])),
            )

    def cancel(self, rows: list[int]) -> None:
        """Give up orders that wait."""
        self.around.orders.close(rows, Status.CANCELLED)
        for row in rows:
            del self._waiting[row]

    def dispatch(self, now_s: float) -> None:
        """Cancel what has waited too long, match what is ready soon with drivers, and make the offers."""
        self._cancel_overdue(now_s)
        sendable = [row for row, order in self._waiting.items() if order.sendable_s <= now_s]
        if not sendable:
            return
        if self._rule.bundles:
            self._dispatch_bundles(np.array(sendable), now_s)
        else:
            self._dispatch_singly(np.array(sendable), now_s)

    def next_event_s(self, now_s: float) -> float:
        """Give the next time at which an order is ready soon or overdue, or a declined offer may be repeated."""
        times: list[float] = []
        for order in self._waiting.values():
            times += [order.sendable_s, order.deadline_s, *order.paused.values()]
        return min((time for time in times if time > now_s), default=inf)

    def requote(self, now_s: float) -> float:
        """Learn from what has departed, set the surge, and quote, h; refuse service when overloaded."""
        orders, drivers = self.around.orders, self.around.drivers
        while self._departures and self._departures[0][0] <= now_s:
            _, took_s, row = heappop(self._departures)
            self.quotes.learn(took_s, int(orders.zone[row]), int(orders.placed_s[row] % DAY_S // HOUR_S))
        online = int(np.count_nonzero(drivers.online & self._works_here))
        if self.settings.surge.gain > 0:
            idle = int(np.count_nonzero(drivers.idle & self._works_here))
            self.surge = self.settings.surge.factor(len(self._waiting), idle)
            self.desk.surge = 1 + self.settings.surge.driver_share * (self.surge - 1)
        if len(self._waiting) > self.settings.pending_per_driver * online:
            return inf
        return self.quotes.courier_h(int(now_s % DAY_S // HOUR_S))

    @property
    def tells_apart(self) -> bool:
        """Whether customers of the courier get quotes of their own."""
        return self.promise.hours is not None or self.settings.quote.by == "zone_hour"

    def quotes_h(self, zone: Ints, drive_h: Floats, now_s: float) -> Floats:
        """Quote to customers by their zones, int [m], and by drives from store to door, float64 [m]; float64 [m], h."""
        if self.promise.hours is not None:
            return np.asarray(self.promise.hours - drive_h)
        return np.asarray(self.quotes.zones_h(int(now_s % DAY_S // HOUR_S))[zone])

    def close_day(self, day: int) -> float:
        """Let orders go on through the night; drivers bring their own cars."""
        del day
        return 0.0

    def _to_be_had(self, drivers: Ints, now_s: float) -> Ints:
        """Keep the drivers who are not under the contract of another courier."""
        contract = self.around.drivers.captive_of(drivers, now_s)
        return np.asarray(drivers[(contract == NOBODY) | (contract == self.number)])

    def _dispatch_singly(self, rows: Ints, now_s: float) -> None:
        orders, drivers, settings = self.around.orders, self.around.drivers, self.around.dispatch
        idle = self._to_be_had(np.flatnonzero(drivers.idle & self._works_here), now_s)
        if not len(idle):
            return
        drive_s = drives_to(self.around.roads, drivers.place[idle], orders.origin[rows], now_s)
        cost = pickup_cost(
            drive_s,
            orders.ready_s[rows] - now_s,
            now_s - orders.placed_s[rows],
            settings.wait_weight,
            settings.age_weight,
            settings.max_pickup_min * 60,
            settings.candidates,
        )
        cost += self._pair_cost(np.arange(len(rows) + 1), rows, idle, now_s)
        which, who = self._rule.match(cost)
        if len(which):
            self._offer(np.arange(len(which) + 1), rows[which], idle[who], now_s)

    def _dispatch_bundles(self, rows: Ints, now_s: float) -> None:
        around, drivers = self.around, self.around.drivers
        soon_s = now_s + around.dispatch.bundling.soon_free_min * 60
        soon = drivers.idle | (drivers.busy & ~drivers.leaving & (drivers.free_s <= soon_s))
        able = self._to_be_had(np.flatnonzero(soon & self._works_here), now_s)
        free_s = np.where(drivers.idle[able], now_s, drivers.free_s[able])
        hands = Hands(drivers.place[able], free_s, np.full(len(able), inf))
        trips, under_way = self._joinable(rows, now_s)
        decision = self._bundler.decide(
            around.jobs,
            rows,
            hands,
            under_way,
            now_s,
            lambda first, member: self._pair_cost(first, member, able, now_s),
        )
        for number, members in decision.joined:
            self._offer_more(trips[number], members, now_s)
        latest_s = now_s + around.dispatch.interval_s
        starting = [each for each in decision.missions if free_s[each.hand] <= now_s and each.leave_s <= latest_s]
        if starting:
            first = np.concatenate([[0], np.cumsum([len(each.orders) for each in starting])])
            asked = able[[each.hand for each in starting]]
            self._offer(first, np.concatenate([each.orders for each in starting]), asked, now_s)

    def _joinable(self, rows: Ints, now_s: float) -> tuple[list[Offers], UnderWay]:
        """List the trips whose drivers have not left the store and have not just declined one of the orders."""
        self._under_way = {
            row: offer for row, offer in self._under_way.items() if float(offer.trips.picked_s[0]) > now_s
        }
        paused = {row for order in rows.tolist() for row, until in self._waiting[order].paused.items() if until > now_s}
        trips = [offer for row, offer in self._under_way.items() if row not in paused]
        first = np.concatenate([[0], np.cumsum([len(offer.member) for offer in trips], dtype=np.int64)])
        member = np.concatenate([np.empty(0, np.int64), *(offer.member for offer in trips)])
        return trips, UnderWay(first, member, np.array([float(offer.trips.arrived_s[0]) for offer in trips]))

    def _offer(self, first: Ints, member: Ints, asked: Ints, now_s: float) -> None:
        """Make one offer a driver; those who accept start at once, the others are not asked again for a while."""
        around, orders, drivers = self.around, self.around.orders, self.around.drivers
        origin = orders.origin[member[first[:-1]]]
        arrived_s = arrivals(around.roads, drivers.place[asked], origin, now_s)
        pickup_km = around.roads.km(drivers.place[asked], origin)
        start = drivers.place[asked].astype(np.int64)
        offers = self.desk.write(asked, first, member, start, np.full(len(asked), now_s), arrived_s, pickup_km)
        yes = self.desk.answer(offers)
        for trip, accepted in enumerate(yes.tolist()):
            rows = member[offers.of(trip)]
            if not accepted:
                self._pause(rows, int(asked[trip]), now_s)
                continue
            self.desk.hand_over(offers, trip, orders.trips, now_s)
            orders.trips += 1
            self._strike_off(rows)
            if self._rule.bundles:
                self._under_way[int(asked[trip])] = _single(offers, trip)
        if yes.any():
            drivers.depart(offers.trips.only(yes))

    def _offer_more(self, before: Offers, members: Ints, now_s: float) -> None:
        """Offer further orders to a driver who has not left the store."""
        old, orders = before.trips, self.around.orders
        first = np.array([0, len(members)])
        offer = self.desk.write(old.driver, first, members, before.start, old.accepted_s, old.arrived_s, old.pickup_km)
        driver, new = int(old.driver[0]), members[orders.driver[members] < 0]
        if not self.desk.answer(offer, before)[0]:
            self._pause(new, driver, now_s)
            return
        gone = float(old.picked_s[0])
        for row in before.member.tolist():
            self._departures.remove((gone, gone - float(orders.placed_s[row]), row))
        heapify(self._departures)
        self.desk.hand_over(offer, 0, int(orders.trip[before.member[0]]), now_s)
        self._strike_off(members)
        self.around.drivers.revise(old, offer.trips)
        self._under_way[driver] = offer

    def _strike_off(self, rows: Ints) -> None:
        """Take orders off the list, and note when they will have left the store."""
        orders = self.around.orders
        for row in rows.tolist():
            self._waiting.pop(row, None)
            picked_s = float(orders.picked_s[row])
            heappush(self._departures, (picked_s, picked_s - float(orders.placed_s[row]), row))

    def _pause(self, rows: Ints, driver: int, now_s: float) -> None:
        for row in rows.tolist():
            self._waiting[row].paused[driver] = now_s + self.around.dispatch.decline_pause_s

    def _pair_cost(self, first: Ints, member: Ints, drivers: Ints, now_s: float) -> Floats:
        """Give what is added to the cost of pairs, [B, I]: noise against ties, and inf after a driver has declined."""
        seeds = np.array([self._waiting[row].tie_seed for row in member[first[:-1]].tolist()], dtype=np.uint64)
        cost = TIE_S * uniform_pairs(seeds, drivers)
        for b in range(len(first) - 1):
            for row in member[first[b] : first[b + 1]].tolist():
                for driver, until_s in self._waiting[row].paused.items():
                    column = int(drivers.searchsorted(driver))
                    if until_s > now_s and column < len(drivers) and drivers[column] == driver:
                        cost[b, column] = np.inf
        return np.asarray(cost)

    def _cancel_overdue(self, now_s: float) -> None:
        self.cancel([row for row, order in self._waiting.items() if order.deadline_s <= now_s])


def _single(offers: Offers, trip: int) -> Offers:
    """Cut one trip out of several offers."""
    part, one = offers.of(trip), slice(trip, trip + 1)
    which = np.arange(len(offers.pay_usd)) == trip
    return Offers(
        offers.trips.only(which),
        np.array([0, part.stop - part.start]),
        offers.member[part],
        offers.start[one],
        offers.pay_usd[one],
        offers.raised_usd[one],
        offers.tip_usd[one],
        offers.charge_usd[one],
        offers.km[one],
        offers.hours[one],
        offers.leg_km[part],
        offers.delivered_s[part],
    )
