"""A gig courier's fleet: its backlog, the drivers asked to deliver it, its quotes and surge (model 7.4, 7.5)."""

from math import inf

import numpy as np

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.posted import Posted
from galleria.agents.couriers.quotes import Quotes
from galleria.agents.couriers.settings import GigCourierSettings
from galleria.agents.couriers.surge import surge_factors
from galleria.agents.fleets.backlog import Backlog
from galleria.agents.fleets.commons import Commons
from galleria.agents.fleets.load import Engagement, Queue, expected_wait_s
from galleria.agents.fleets.offering import Offering
from galleria.agents.fleets.offers import OfferDesk
from galleria.agents.fleets.strategies import strategy_of
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.noise import hashed_integers
from galleria.agents.kernel.order import Status


class GigFleet(Fleet):
    """Offers a courier's waiting orders to the drivers who work for it.

    Parameters
    ----------
    number, name
        The courier's.
    settings
        Its quotes and patience.
    posted
        Its pay and promise of today.
    commons
        What it shares with the others.

    Attributes
    ----------
    surge
        float64 [Z], factor on pay and fee by the zone of the store; None before the first.
    """

    def __init__(self, number: int, name: str, settings: GigCourierSettings, posted: Posted, commons: Commons) -> None:
        self.number, self.settings, self.commons = number, settings, commons
        rule = commons.dispatch.rule_of(name)
        self.desk = OfferDesk(number, posted, commons)
        self.backlog = Backlog(commons.orders, settings.patience_h * HOUR_S, commons.dispatch.lookahead_s(rule))
        self.offering = Offering(self.desk, self.backlog, commons)
        self._strategy = strategy_of(rule, number, self.offering, commons)
        self.can_send = False
        self.surge: Floats | None = None
        self.posted = posted
        self.engagement = Engagement(settings.quote.rate)
        self._queue = Queue(number, self.backlog, self.engagement)
        commons.queues.append(self._queue)
        self.quotes = Quotes(settings.quote, settings.observed.preparation_min, commons.zones)

    @property
    def waiting(self) -> Ints:
        """Orders that nobody carries yet, int64, in order of placement."""
        return self.backlog.waiting

    @property
    def pending(self) -> int:
        """Number of orders that nobody carries yet."""
        return len(self.backlog)

    @property
    def is_matching(self) -> bool:
        """Whether orders wait for a driver."""
        return len(self.backlog) > 0

    def take(self, rows: Ints) -> None:
        """Take orders, rows in order of time; those that are placed later than now wait for their time."""
        orders = self.commons.orders
        orders.tie_seed[rows] = hashed_integers(self.commons.keys.tie, orders.occasion[rows])
        self.backlog.take(rows)

    def cancel(self, rows: Ints) -> None:
        """Cancel orders that wait."""
        self.commons.orders.close(rows.tolist(), Status.CANCELLED)
        self.offering.strike_off()

    def dispatch(self, now_s: float) -> None:
        """Cancel what has waited too long, match what is ready soon with drivers, and make the offers.

        Without intervals, what a driver declines is matched again at once, unless the offer has yet to expire.
        """
        overdue = self.backlog.overdue(now_s)
        if len(overdue):
            self.cancel(overdue)
            if self.commons.orders.journal is not None:
                self.commons.orders.journal.cancelled.append((now_s, overdue))
        self.offering.was_declined = True
        while self.offering.was_declined and len(sendable := self.backlog.sendable(now_s)):
            self.offering.was_declined = False
            self._strategy.match(sendable, now_s)
            if self.commons.dispatch.interval_s > 0:
                break
        self.can_send = len(self.backlog.sendable(now_s)) > 0

    def next_event_s(self, now_s: float) -> float:
        """Return the next time at which an order is ready soon or overdue, or a declined offer may be repeated."""
        if not self.is_matching:
            return inf
        times_s = np.concatenate([self.backlog.events_s(), self.offering.pauses.ends_s()])
        return float(times_s[times_s > now_s].min(initial=inf))

    def requote(self, now_s: float) -> float:
        """Learn from what has departed, set the surge, and quote, h; refuse service for too long a wait."""
        orders = self.commons.orders
        for left in self.offering.departures.until(now_s):
            hour = int(orders.placed_s[left.row] % DAY_S // HOUR_S)
            self.quotes.learn(left.took_s, int(orders.zone[left.row]), hour)
            self.engagement.learn(left.engaged_s)
        if self.settings.surge.gain > 0:
            self._set_surge()
        if self.expected_wait_s(now_s) > self.settings.longest_wait_min * 60:
            return inf
        return self.quotes.mean_quote_h(int(now_s % DAY_S // HOUR_S))

    def expected_wait_s(self, now_s: float) -> float:
        """Return how long the next order would wait for a driver, s, see `galleria.agents.fleets.load`."""
        return expected_wait_s(self.commons.queues, self._queue, self.commons.drivers, now_s)

    def _set_surge(self) -> None:
        """Set the factors by the orders that wait and the drivers who are idle in each zone."""
        orders, drivers, zones = self.commons.orders, self.commons.drivers, self.commons.zones
        zone = self.commons.regulator.ground.zone
        waiting = np.bincount(zone[orders.origin[self.backlog.waiting]], minlength=zones)
        idle = np.bincount(zone[drivers.place[drivers.idle & drivers.on(self.number)]], minlength=zones)
        self.surge = surge_factors(self.settings.surge, waiting, idle)
        self.desk.surge = 1 + self.settings.surge.driver_share * (self.surge - 1)

    @property
    def tells_apart(self) -> bool:
        """Whether customers of the courier get quotes of their own."""
        return self.posted.promise.hours is not None or self.settings.quote.by == "zone_hour"

    def quotes_h(self, zone: Ints, drive_h: Floats, now_s: float) -> Floats:
        """Return quotes to customers by their zones, int [m], and by drives from store to door; float64 [m], h."""
        if self.posted.promise.hours is not None:
            return np.asarray(self.posted.promise.hours - drive_h)
        return np.asarray(self.quotes.zones_h(int(now_s % DAY_S // HOUR_S))[zone])

    def surcharge(self, fee_usd: float) -> Floats | None:
        """Return what the surge adds now to a fee by the zone of the store, float64 [Z], $; None without surges."""
        return None if self.surge is None else self.settings.surge.customer_share * (self.surge - 1) * fee_usd
