"""Offering: asks drivers, and books what becomes of it at the kerb, on orders and on drivers (model 7.4)."""

import numpy as np

from galleria.agents.dispatch.kerb import berths_at
from galleria.agents.drivers.driver import Drivers
from galleria.agents.fleets.backlog import Backlog
from galleria.agents.fleets.commons import Commons
from galleria.agents.fleets.departures import Departures
from galleria.agents.fleets.offers import Approach, OfferDesk, Offers
from galleria.agents.fleets.pauses import Pauses
from galleria.agents.kernel.arrays import Bools, Ints
from galleria.agents.kernel.journal import Offered


class Offering:
    """Makes one courier's offers to drivers.

    Parameters
    ----------
    desk
        Writes offers.
    backlog
        The courier's orders that wait.
    commons
        What it shares with the others.

    Attributes
    ----------
    pauses, departures
        Who is not asked again for what, and which orders will leave stores when.
    was_declined
        Whether a driver has declined since this was last set to False.
    """

    def __init__(self, desk: OfferDesk, backlog: Backlog, commons: Commons) -> None:
        self.desk, self.backlog, self.commons = desk, backlog, commons
        self.pauses, self.departures = Pauses(), Departures(commons)
        self.was_declined = False
        self._berths = berths_at(commons.kerb, commons.stops, lambda: commons.jobs)

    @property
    def drivers(self) -> Drivers:
        """The market's drivers."""
        return self.commons.drivers

    def make(self, first: Ints, member: Ints, asked: Ints, now_s: float) -> tuple[Offers, Bools]:
        """Make one offer a driver; return the offers and who accepts, bool [m].

        Those who accept start at once, the others are not asked again for a while.
        """
        orders, place = self.commons.orders, self.drivers.place[asked]
        origin = orders.origin[member[first[:-1]]]
        arrived_s, pickup_km = self.commons.vehicles.approaches(self.drivers.vehicle[asked], place, origin, now_s)
        berth_s = self._berths.hold(first, member, origin, arrived_s, now_s)
        now = np.full(len(asked), now_s)
        offers = self.desk.write(
            first, member, Approach(asked, place.astype(np.int64), now, arrived_s, berth_s, pickup_km)
        )
        yes = self.desk.answer(offers)
        if orders.journal is not None:
            orders.journal.offers.append(Offered(now_s, first, member, asked, offers.start, offers.pay_usd, yes))
        self._berths.answer(asked, yes, arrived_s)
        if not yes.all():
            parcels = np.diff(first)
            self._pause(member[np.repeat(~yes, parcels)], np.repeat(asked, parcels * ~yes), now_s)
        for trip in np.flatnonzero(yes).tolist():
            self.desk.hand_over(offers, trip, orders.trips, now_s)
            orders.trips += 1
            self.departures.note(member[offers.of(trip)])
        if yes.any():
            self.strike_off()
            self.drivers.depart(offers.trips if yes.all() else offers.trips.only(yes))
        return offers, yes

    def extend(self, before: Offers, members: Ints, now_s: float) -> Offers | None:
        """Offer further orders to a driver who has not left the store; return the trip anew, None if it stays."""
        old, orders = before.trips, self.commons.orders
        driver, new = int(old.driver[0]), members[orders.driver[members] < 0]
        berth_s = np.array([self.at_store_s(before)])
        approach = Approach(old.driver, before.start, old.accepted_s, old.arrived_s, berth_s, old.pickup_km)
        offer = self.desk.write(np.array([0, len(members)]), members, approach)
        yes = self.desk.answer(offer, before)
        yes[0] = yes[0] and self._berths.stays_for(driver, members)
        if orders.journal is not None:
            usd, one, store = offer.pay_usd - before.pay_usd, np.array([0, len(new)]), orders.origin[new[:1]]
            orders.journal.offers.append(Offered(now_s, one, new, old.driver, store, usd, yes))
        if not yes[0]:
            self._pause(new, np.full(len(new), driver), now_s)
            return None
        self.departures.forget(before.member)
        self.desk.hand_over(offer, 0, int(orders.trip[before.member[0]]), now_s)
        self.departures.note(members)
        self.strike_off()
        self.drivers.revise(old, offer.trips)
        return offer

    def at_store_s(self, trip: Offers) -> float:
        """Return the time from which the driver of a trip can take parcels over, s."""
        return self._berths.start_s(int(trip.trips.driver[0]), float(trip.trips.arrived_s[0]))

    def strike_off(self) -> None:
        """Take orders off the backlog that drivers have accepted or customers given up."""
        self.backlog.strike_off()
        self.pauses.keep(self.backlog.waiting)

    def _pause(self, rows: Ints, drivers: Ints, now_s: float) -> None:
        """Offer declined orders to nobody until the offer expires, and to those who declined not for a while."""
        settings = self.commons.dispatch
        self.was_declined = True
        self.commons.orders.sendable_s[rows] = now_s + settings.offer_expiry_s
        self.pauses.add(rows, drivers, now_s + settings.decline_pause_s)
