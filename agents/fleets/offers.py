"""Offers of trips to drivers: their course, their pay, and who accepts (model 7.4, 7.5)."""

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from galleria.agents.couriers.pay import pay
from galleria.agents.couriers.posted import Posted
from galleria.agents.dispatch.itinerary import Courses
from galleria.agents.drivers.acceptance import accept
from galleria.agents.drivers.trips import Trips
from galleria.agents.fleets.commons import Commons
from galleria.agents.kernel.arrays import Bools, Floats, Ints
from galleria.agents.kernel.noise import uniform_triples
from galleria.agents.regulator.policy import Ride


class Approach(NamedTuple):
    """How m drivers get to their stores.

    Attributes
    ----------
    driver, start
        int64 [m], rows, and places where they are when the trips begin.
    accepted_s, arrived_s, berth_s, pickup_km
        float64 [m], acceptance, arrival at the store, when a slot at the kerb is free, and the empty way there.
    """

    driver: Ints
    start: Ints
    accepted_s: Floats
    arrived_s: Floats
    berth_s: Floats
    pickup_km: Floats


class Offers(NamedTuple):
    """Trips that are offered, m with k orders in all; trip t has `member[first[t] : first[t + 1]]`.

    Attributes
    ----------
    trips
        Their course.
    first, member
        int64 [m + 1] and int64 [k], rows of orders in the order of the doors.
    start
        int [m], places where the drivers are when the trips begin.
    pay_usd, raised_usd, tip_usd, charge_usd, km, hours
        float64 [m], of the whole trip from acceptance to the last door; raised is the part of the pay that policies
        added, the charge what the driver pays the public.
    leg_km, delivered_s
        float64 [k], way to each door from the store or the door before, and hand-over.
    """

    trips: Trips
    first: Ints
    member: Ints
    start: Ints
    pay_usd: Floats
    raised_usd: Floats
    tip_usd: Floats
    charge_usd: Floats
    km: Floats
    hours: Floats
    leg_km: Floats
    delivered_s: Floats

    def of(self, trip: int) -> slice:
        """Return the entries of a trip among the k orders."""
        return slice(int(self.first[trip]), int(self.first[trip + 1]))

    def one(self, trip: int) -> "Offers":
        """Cut one trip out."""
        if len(self.pay_usd) == 1:
            return self
        part, which = self.of(trip), np.arange(len(self.pay_usd)) == trip
        whole: dict[str, Any] = {
            name: getattr(self, name)[which]
            for name in ("start", "pay_usd", "raised_usd", "tip_usd", "charge_usd", "km", "hours")
        }
        return Offers(
            self.trips.only(which),
            np.array([0, part.stop - part.start]),
            self.member[part],
            leg_km=self.leg_km[part],
            delivered_s=self.delivered_s[part],
            **whole,
        )


class OfferDesk:
    """Makes a courier's offers.

    Parameters
    ----------
    number
        Of the courier.
    posted
        Its pay of today.
    commons
        What it shares with the others.
    """

    def __init__(self, number: int, posted: Posted, commons: Commons) -> None:
        self.number, self.posted, self.commons = number, posted, commons
        self._accept_key = np.uint64(commons.keys.accept)
        self.surge: Floats | None = None

    def write(self, first: Ints, member: Ints, approach: Approach) -> Offers:
        """Work out what trips would be if they were accepted; `first` and `member` as in `Offers`."""
        commons, asked = self.commons, approach.driver
        vehicle, vehicles = commons.drivers.vehicle[asked], commons.vehicles
        course = vehicles.courses(vehicle, commons.stops, commons.jobs, first, member, approach.berth_s)
        km = approach.pickup_km + course.loaded_km
        hours = (course.end_s - approach.accepted_s) / 3600
        destination = commons.orders.destination[member[first[1:] - 1]]
        pay_usd, raised_usd, charge_usd = self._amounts(first, member, approach, course, destination)
        tip_usd = np.add.reduceat(commons.orders.tip_usd[member], first[:-1])
        numbers = (member + commons.orders.first_number).tolist()
        times, edges = course.delivered_s.tolist(), first.tolist()
        trips = Trips(
            driver=asked,
            destination=destination,
            accepted_s=approach.accepted_s,
            arrived_s=approach.arrived_s,
            picked_s=course.picked_s,
            end_s=course.end_s,
            to_door_s=course.to_door_s,
            at_door_s=course.at_door_s,
            pickup_km=approach.pickup_km,
            loaded_km=course.loaded_km,
            net_usd=pay_usd + tip_usd - charge_usd - vehicles.cost_usd_per_km[vehicle] * km,
            doors=[list(zip(times[a:b], numbers[a:b], strict=True)) for a, b in pairwise(edges)],
        )
        return Offers(
            trips,
            first,
            member,
            approach.start,
            pay_usd,
            raised_usd,
            tip_usd,
            charge_usd,
            km,
            hours,
            course.leg_km,
            course.delivered_s,
        )

    def _amounts(
        self, first: Ints, member: Ints, approach: Approach, course: Courses, destination: Ints
    ) -> tuple[Floats, Floats, Floats]:
        """Return the pay of trips, what policies added to it, and what drivers pay the public, float64 [m] each, $."""
        commons, regulator = self.commons, self.commons.regulator
        store, asked = commons.orders.origin[member[first[:-1]]], approach.driver
        pay_usd = pay(self.posted.pay, course.loaded_km, course.to_door_s / 60, first[1:] - first[:-1])
        if self.surge is not None:
            pay_usd = pay_usd * self.surge[regulator.ground.zone[store]]
        raised_usd, charge_usd = np.zeros(len(asked)), np.zeros(len(asked))
        if regulator.in_force:
            minutes = (course.end_s - approach.accepted_s) / 3600 * 60
            store_min = (course.picked_s - approach.arrived_s) / 60
            ride = Ride(
                approach.start,
                store,
                destination,
                approach.accepted_s,
                approach.pickup_km,
                course.loaded_km,
                minutes,
                store_min,
            )
            before_usd, pay_usd = pay_usd, regulator.offer(pay_usd, ride)
            raised_usd, charge_usd = pay_usd - before_usd, regulator.charge(ride)
        if commons.drivers.under_contract:
            captive = self.captive(asked, approach.accepted_s)
            pay_usd, raised_usd = np.where(captive, 0.0, pay_usd), np.where(captive, 0.0, raised_usd)
        return pay_usd, raised_usd, charge_usd

    def answer(self, offers: Offers, before: Offers | None = None) -> Bools:
        """Let drivers answer, bool [m]; of trips under way (`before`) they weigh what the further orders add.

        Nobody takes what the vehicle cannot hold, or what is beyond its range of the day.
        """
        commons, asked = self.commons, offers.trips.driver
        income, km, hours = offers.pay_usd + offers.tip_usd - offers.charge_usd, offers.km, offers.hours
        if before is not None:
            income = income - before.pay_usd - before.tip_usd + before.charge_usd
            km, hours = km - before.km, hours - before.hours
        yes = accept(
            income,
            km,
            hours,
            commons.drivers.reservation_usd_per_h[asked],
            commons.vehicles.cost_usd_per_km[commons.drivers.vehicle[asked]],
            commons.regulator.acceptance(commons.driver_settings.acceptance_scale_usd),
            self._noise(offers),
        )
        commons.orders.offers[offers.member] += 1
        if commons.drivers.under_contract:
            yes = yes | self.captive(asked, offers.trips.accepted_s)
        if commons.vehicles.limited:
            drivers = commons.drivers
            driven_km = drivers.driven_today_km(asked)
            yes &= commons.vehicles.can(drivers.vehicle[asked], driven_km, km, np.diff(offers.first))
        return yes

    def hand_over(self, offers: Offers, trip: int, number: int, now_s: float) -> None:
        """Write one accepted trip on its orders; pay and the empty way are commons equally.

        Orders that join a trip are accepted now, and found by the driver no sooner.
        """
        orders, trips, part = self.commons.orders, offers.trips, offers.of(trip)
        rows = offers.member[part]
        parcels = len(rows)
        new = rows[orders.driver[rows] < 0]
        orders.accepted_s[new] = now_s
        orders.arrived_s[new] = np.maximum(now_s, trips.arrived_s[trip])
        orders.driver[rows] = trips.driver[trip]
        orders.trip[rows], orders.bundle[rows] = number, parcels
        orders.picked_s[rows] = trips.picked_s[trip]
        orders.delivered_s[rows] = offers.delivered_s[part]
        orders.pickup_km[rows] = trips.pickup_km[trip] / parcels
        orders.loaded_km[rows] = offers.leg_km[part]
        orders.pay_usd[rows] = offers.pay_usd[trip] / parcels
        orders.raised_usd[rows] = offers.raised_usd[trip] / parcels
        orders.charge_usd[rows] = offers.charge_usd[trip] / parcels

    def captive(self, asked: Ints, at_s: Floats) -> Bools:
        """Return which drivers work under the courier's contract and have no say, bool [m]."""
        moment = float(at_s[0]) if len(at_s) else 0.0
        return np.asarray(self.commons.drivers.captive_of(asked, moment) == self.number)

    def _noise(self, offers: Offers) -> Floats:
        """Return the noise of acceptance, float64 [m]; a trip has that of its oldest order."""
        orders = self.commons.orders
        oldest = np.minimum.reduceat(offers.member, offers.first[:-1])
        return uniform_triples(self._accept_key, orders.occasion[oldest], offers.trips.driver, orders.offers[oldest])
