"""A gig courier's dispatcher: waiting orders, and who is asked to deliver them (model 7.4, 7.5)."""

from heapq import heapify, heappop, heappush
from itertools import accumulate
from math import inf

import numpy as np

from agents.couriers.fleet import Fleet
from agents.couriers.pay import PaySettings
from agents.couriers.quotes import PromiseSettings, Quotes
from agents.couriers.settings import GigCourierSettings
from agents.dispatch.bundled import NOTHING_UNDER_WAY, AvailableDrivers, BundledDispatch, UnderWay
from agents.dispatch.itinerary import approaches
from agents.dispatch.kerb import Berths
from agents.dispatch.rules import Pauses, break_ties, pickup_costs
from agents.fleets.offers import OfferDesk, Offers, Shared
from agents.kernel.arrays import Floats, Ints
from agents.kernel.clock import DAY_S, HOUR_S
from agents.kernel.noise import hashed_integers
from agents.kernel.order import Status
from agents.kernel.roads import arrival_s

NO_PAUSES = Pauses(np.empty(0, np.int64), np.empty(0, np.int64))

__all__ = ["GigFleet", "Shared"]


class GigFleet(Fleet):
    """Offers a courier's waiting orders to the drivers who work for it.

    Parameters
    ----------
    number, name
        The courier's.
    settings
        Its pay, quotes and patience.
    shared
        What it shares with the others.
    """

    def __init__(self, number: int, name: str, settings: GigCourierSettings, shared: Shared) -> None:
        self.number = number
        self.settings = settings
        self.shared = shared
        self.desk = OfferDesk(number, settings, shared)
        self._waiting: Ints = np.empty(0, np.int64)
        self._next_deadline_s = inf
        self._pauses: list[tuple[float, int, int]] = []
        self.can_send = self._was_declined = False
        self._rule = shared.dispatch.rule_of(name)
        self._bundler = BundledDispatch(
            shared.roads,
            shared.stops,
            shared.dispatch.bundling,
            self._rule.match,
            shared.dispatch.max_pickup_min * 60,
            shared.dispatch.candidates,
        )
        plans = shared.dispatch.bundling.lookahead_min if self._rule.bundles else shared.dispatch.lookahead_min
        self._lookahead_s = plans * 60
        self._under_way: dict[int, Offers] = {}
        self._departures: list[tuple[float, float, int]] = []
        self._berths = None if shared.kerb is None else Berths(shared.kerb, shared.stops, lambda: shared.jobs)
        self.surge: Floats | None = None
        self.promise = settings.promise
        self.quotes = Quotes(settings.quote, settings.observed.preparation_min, shared.zones)

    @property
    def waiting(self) -> Ints:
        """Orders that nobody carries yet, int64, in order of placement."""
        return self._waiting

    @property
    def pending(self) -> int:
        """Number of orders that nobody carries yet."""
        return len(self._waiting)

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver."""
        return len(self._waiting) > 0

    def take(self, rows: Ints) -> None:
        """Take orders: a driver may be sent shortly before an order is packed, and never before it is placed."""
        orders, patience_s = self.shared.orders, self.settings.patience_h * HOUR_S
        orders.sendable_s[rows] = np.fmax(orders.placed_s[rows], orders.ready_s[rows] - self._lookahead_s)
        orders.deadline_s[rows] = orders.promised_s[rows] + patience_s
        orders.tie_seed[rows] = hashed_integers(self.shared.tie_key, orders.occasion[rows])
        self._next_deadline_s = min(self._next_deadline_s, float(orders.deadline_s[rows].min()))
        self._waiting = np.concatenate([self._waiting, rows])

    def cancel(self, rows: Ints) -> None:
        """Cancel orders that wait."""
        self.shared.orders.close(rows.tolist(), Status.CANCELLED)
        self._strike_off()

    def dispatch(self, now_s: float) -> None:
        """Cancel what has waited too long, match what is ready soon with drivers, and make the offers.

        Without intervals, what a driver declines is matched again at once, unless the offer has yet to expire.
        """
        orders = self.shared.orders
        if self._next_deadline_s <= now_s:
            self.cancel(self._waiting[orders.deadline_s[self._waiting] <= now_s])
            self._next_deadline_s = float(orders.deadline_s[self._waiting].min(initial=inf))
        dispatch = self._dispatch_bundles if self._rule.bundles else self._dispatch_singly
        self._was_declined = True
        while self._was_declined and len(sendable := self._sendable(now_s)):
            self._was_declined = False
            dispatch(sendable, now_s)
            if self.shared.dispatch.interval_s > 0:
                break
        self.can_send = len(self._sendable(now_s)) > 0

    def _sendable(self, now_s: float) -> Ints:
        """Return the waiting orders that may be offered now."""
        return np.asarray(self._waiting[self.shared.orders.sendable_s[self._waiting] <= now_s])

    def next_event_s(self, now_s: float) -> float:
        """Return the next time at which an order is ready soon or overdue, or a declined offer may be repeated."""
        orders, pauses_s = self.shared.orders, [until_s for until_s, _, _ in self._pauses if until_s > now_s]
        times_s = np.concatenate([orders.sendable_s[self._waiting], orders.deadline_s[self._waiting], pauses_s])
        return float(times_s[times_s > now_s].min(initial=inf))

    def requote(self, now_s: float) -> float:
        """Learn from what has departed, set the surge, and quote, h; refuse service when overloaded."""
        orders, drivers = self.shared.orders, self.shared.drivers
        while self._departures and self._departures[0][0] <= now_s:
            _, took_s, row = heappop(self._departures)
            self.quotes.learn(took_s, int(orders.zone[row]), int(orders.placed_s[row] % DAY_S // HOUR_S))
        online = int(np.count_nonzero(drivers.online & drivers.on(self.number)))
        if self.settings.surge.gain > 0:
            zone, zones = self.shared.regulator.ground.zone, self.shared.zones
            waiting = np.bincount(zone[orders.origin[self._waiting]], minlength=zones)
            idle = np.bincount(zone[drivers.place[drivers.idle & drivers.on(self.number)]], minlength=zones)
            self.surge = self.settings.surge.factors(waiting, idle)
            self.desk.surge = 1 + self.settings.surge.driver_share * (self.surge - 1)
        if len(self._waiting) > self.settings.pending_per_driver * online:
            return inf
        return self.quotes.mean_quote_h(int(now_s % DAY_S // HOUR_S))

    @property
    def tells_apart(self) -> bool:
        """Whether customers of the courier get quotes of their own."""
        return self.promise.hours is not None or self.settings.quote.by == "zone_hour"

    def quotes_h(self, zone: Ints, drive_h: Floats, now_s: float) -> Floats:
        """Quote to customers by their zones, int [m], and by drives from store to door, float64 [m]; float64 [m], h."""
        if self.promise.hours is not None:
            return np.asarray(self.promise.hours - drive_h)
        return np.asarray(self.quotes.zones_h(int(now_s % DAY_S // HOUR_S))[zone])

    def surcharge(self, fee_usd: float) -> Floats | None:
        """Return what the surge adds now to a fee by the zone of the store, float64 [Z], $; None without surges."""
        return None if self.surge is None else self.settings.surge.customer_share * (self.surge - 1) * fee_usd

    def follow_promise(self, promise: PromiseSettings) -> None:
        """Let a promise that the regulator has amended be in force."""
        self.promise = promise

    @property
    def pay(self) -> PaySettings:
        """Pay of a trip as it is in force."""
        return self.desk.pay

    def set_base_pay(self, base_usd: float) -> None:
        """Put another base pay in force."""
        self.desk.pay = self.desk.pay.model_copy(update={"base_usd": base_usd})

    def _dispatch_singly(self, rows: Ints, now_s: float) -> None:
        orders, drivers, settings = self.shared.orders, self.shared.drivers, self.shared.dispatch
        idle, _ = drivers.available_for(self.number, now_s, -inf)
        if not len(idle):
            return
        cost = pickup_costs(
            self.shared.roads,
            drivers.place[idle],
            orders.origin[rows],
            orders.ready_s[rows],
            orders.placed_s[rows],
            now_s,
            settings.wait_weight,
            settings.age_weight,
            settings.max_pickup_min * 60,
            settings.candidates,
        )
        break_ties(cost, np.arange(len(rows) + 1), rows, orders.tie_seed, idle, self._paused(now_s))
        which, who = self._rule.match(cost)
        if len(which):
            self._offer(np.arange(len(which) + 1), rows[which], idle[who], now_s)

    def _dispatch_bundles(self, rows: Ints, now_s: float) -> None:
        shared, drivers = self.shared, self.shared.drivers
        soon_s = now_s + shared.dispatch.bundling.soon_free_min * 60
        able, free_s = drivers.available_for(self.number, now_s, soon_s)
        hands = AvailableDrivers(drivers.place[able], free_s, np.full(len(able), inf))
        paused = self._paused(now_s)
        trips, under_way = self._joinable(rows, now_s)
        decision = self._bundler.decide(
            shared.jobs,
            rows,
            hands,
            under_way,
            now_s,
            lambda cost, first, member: break_ties(cost, first, member, shared.orders.tie_seed, able, paused),
        )
        for number, members in decision.joined:
            self._offer_more(trips[number], members, now_s)
        latest_s = now_s + shared.dispatch.interval_s
        starting = [each for each in decision.missions if free_s[each.driver] <= now_s and each.leave_s <= latest_s]
        if starting:
            first = np.array([0, *accumulate(len(each.orders) for each in starting)])
            asked = able[[each.driver for each in starting]]
            self._offer(first, np.concatenate([each.orders for each in starting]), asked, now_s)

    def _joinable(self, rows: Ints, now_s: float) -> tuple[list[Offers], UnderWay]:
        """List the trips whose drivers have not left the store and have not just declined one of the orders."""
        self._under_way = {driver: trip for driver, trip in self._under_way.items() if trip.trips.picked_s[0] > now_s}
        if not self._under_way:
            return [], NOTHING_UNDER_WAY
        asked = set(rows.tolist())
        declined = {driver for _, row, driver in self._pauses if row in asked}
        trips = [trip for driver, trip in self._under_way.items() if driver not in declined]
        if not trips:
            return [], NOTHING_UNDER_WAY
        first = np.array([0, *accumulate(len(trip.member) for trip in trips)])
        member = np.concatenate([trip.member for trip in trips])
        at_store_s = [self._at_store_s(int(trip.trips.driver[0]), trip) for trip in trips]
        return trips, UnderWay(first, member, np.array(at_store_s))

    def _at_store_s(self, driver: int, trip: Offers) -> float:
        """Return the time from which a driver can take parcels over."""
        arrived_s = float(trip.trips.arrived_s[0])
        return arrived_s if self._berths is None else self._berths.start_s(driver, arrived_s)

    def _offer(self, first: Ints, member: Ints, asked: Ints, now_s: float) -> None:
        """Make one offer a driver; those who accept start at once, the others are not asked again for a while."""
        shared, orders, drivers = self.shared, self.shared.orders, self.shared.drivers
        origin = orders.origin[member[first[:-1]]]
        arrived_s, pickup_km = approaches(shared.roads, drivers.place[asked], origin, now_s)
        start = drivers.place[asked].astype(np.int64)
        berth_s = arrived_s if self._berths is None else self._berths.hold(first, member, origin, arrived_s, now_s)
        accepted_s = np.full(len(asked), now_s)
        offers = self.desk.write(asked, first, member, start, accepted_s, arrived_s, berth_s, pickup_km)
        yes = self.desk.answer(offers)
        if self._berths is not None:
            self._berths.answer(asked, yes, arrived_s)
        for trip, accepted in enumerate(yes.tolist()):
            rows = member[offers.of(trip)]
            if not accepted:
                self._pause(rows, int(asked[trip]), now_s)
                continue
            self.desk.hand_over(offers, trip, orders.trips, now_s)
            orders.trips += 1
            self._note_departures(rows)
            if self._rule.bundles:
                self._under_way[int(asked[trip])] = _single(offers, trip)
        if yes.any():
            self._strike_off()
            drivers.depart(offers.trips if yes.all() else offers.trips.only(yes))

    def _offer_more(self, before: Offers, members: Ints, now_s: float) -> None:
        """Offer further orders to a driver who has not left the store."""
        old, orders = before.trips, self.shared.orders
        first = np.array([0, len(members)])
        driver, new = int(old.driver[0]), members[orders.driver[members] < 0]
        berth_s = np.array([self._at_store_s(driver, before)])
        times = (old.accepted_s, old.arrived_s, berth_s)
        offer = self.desk.write(old.driver, first, members, before.start, *times, old.pickup_km)
        accepts = bool(self.desk.answer(offer, before)[0])
        if not accepts or (self._berths is not None and not self._berths.stays_for(driver, members)):
            self._pause(new, driver, now_s)
            return
        carried = set(before.member.tolist())
        self._departures = [each for each in self._departures if each[2] not in carried]
        heapify(self._departures)
        self.desk.hand_over(offer, 0, int(orders.trip[before.member[0]]), now_s)
        self._note_departures(members)
        self._strike_off()
        self.shared.drivers.revise(old, offer.trips)
        self._under_way[driver] = offer

    def _note_departures(self, rows: Ints) -> None:
        """Note when orders will have left the store, and how long they take beside the straight way to the door."""
        orders, shared = self.shared.orders, self.shared
        for row in rows.tolist():
            picked_s = beside_s = float(orders.picked_s[row])
            if len(rows) > 1:
                straight_s = arrival_s(shared.roads, int(orders.origin[row]), int(orders.destination[row]), picked_s)
                beside_s += float(orders.delivered_s[row]) - straight_s - shared.stops.door_s
            heappush(self._departures, (picked_s, beside_s - float(orders.placed_s[row]), row))

    def _strike_off(self) -> None:
        """Take orders off the list that drivers have accepted or customers given up."""
        orders, waiting = self.shared.orders, self._waiting
        self._waiting = waiting[(orders.driver[waiting] < 0) & (orders.status[waiting] == Status.OPEN)]
        if self._pauses:
            left = set(self._waiting.tolist())
            self._pauses = [each for each in self._pauses if each[1] in left]

    def _pause(self, rows: Ints, driver: int, now_s: float) -> None:
        """Offer declined orders to nobody until the offer expires, and to the driver who declined not for a while."""
        settings = self.shared.dispatch
        self._was_declined = True
        self.shared.orders.sendable_s[rows] = now_s + settings.offer_expiry_s
        until_s = now_s + settings.decline_pause_s
        self._pauses += [(until_s, row, driver) for row in rows.tolist()]

    def _paused(self, now_s: float) -> Pauses:
        """Return the pairs of orders and drivers that must not be offered now."""
        if not self._pauses:
            return NO_PAUSES
        self._pauses = [each for each in self._pauses if each[0] > now_s]
        _, order, driver = np.array(self._pauses, np.int64).reshape(-1, 3).T
        return Pauses(np.ascontiguousarray(order), np.ascontiguousarray(driver))


def _single(offers: Offers, trip: int) -> Offers:
    """Cut one trip out of several offers."""
    if len(offers.pay_usd) == 1:
        return offers
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
