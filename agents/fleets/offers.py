"""Offers of trips to drivers: their course, their pay, and who accepts (model 7.4, 7.5)."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from agents.couriers.pay import pay
from agents.couriers.settings import GigCourierSettings
from agents.dispatch.bundles import Jobs, Stops
from agents.dispatch.itinerary import courses
from agents.dispatch.kerb import Kerb
from agents.dispatch.rules import DispatchSettings
from agents.drivers.driver import Drivers, DriverSettings, Trips, accept
from agents.kernel.arrays import Bools, Floats, Ints
from agents.kernel.noise import uniform_triples
from agents.kernel.order import Orders
from agents.kernel.roads import Roads
from agents.regulator.policy import Ride
from agents.regulator.regulator import Regulator


@dataclass(frozen=True)
class Shared:
    """What all gig fleets share.

    Attributes
    ----------
    orders, drivers
        The market's populations.
    roads
        Of the city.
    dispatch, driver_settings
        How to match; what driving costs.
    handover_s
        Time at the store from arrival (or readiness) to departure, s.
    regulator
        Policies on the pay of offers, on what trips are charged, and on how drivers answer.
    tie_key, accept_key
        Keys of the noise of (occasion, driver) and of (occasion, driver, number of the offer).
    zones
        Number of zones of homes.
    kerb
        Slots at the malls, None where there are always enough.
    """

    orders: Orders
    drivers: Drivers
    roads: Roads
    dispatch: DispatchSettings
    driver_settings: DriverSettings
    handover_s: float
    regulator: Regulator
    tie_key: int
    accept_key: int
    zones: int
    kerb: Kerb | None

    @property
    def stops(self) -> Stops:
        """Times at stores and doors."""
        extra_s, door_s = self.dispatch.bundling.extra_parcel_min * 60, self.driver_settings.door_min * 60
        return Stops(0.0, self.handover_s, extra_s, door_s, 0.0)

    @property
    def jobs(self) -> Jobs:
        """The orders as kernels take them."""
        orders = self.orders
        return Jobs(orders.origin, orders.destination, orders.ready_s, orders.promised_s)


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


class OfferDesk:
    """Makes a courier's offers.

    Parameters
    ----------
    number, settings
        Of the courier.
    shared
        What it shares with the others.
    """

    def __init__(self, number: int, settings: GigCourierSettings, shared: Shared) -> None:
        self.number, self.settings, self.shared = number, settings, shared
        self._stops, self._accept_key = shared.stops, np.uint64(shared.accept_key)
        self.surge: Floats | None = None
        self.pay = settings.pay

    def write(
        self,
        asked: Ints,
        first: Ints,
        member: Ints,
        start: Ints,
        accepted_s: Floats,
        arrived_s: Floats,
        berth_s: Floats,
        pickup_km: Floats,
    ) -> Offers:
        """Work out what trips would be if they were accepted.

        Parameters
        ----------
        asked
            int [m], rows of drivers.
        first, member, start
            Orders and beginning of each trip, see `Offers`.
        accepted_s, arrived_s, berth_s, pickup_km
            float64 [m], acceptance, arrival at the store, when a slot at the kerb is free, and the empty way there.
        """
        shared, orders = self.shared, self.shared.orders
        course = courses(shared.roads, self._stops, shared.jobs, first, member, berth_s)
        parcels = first[1:] - first[:-1]
        km = pickup_km + course.loaded_km
        hours = (course.end_s - accepted_s) / 3600
        pay_usd = pay(self.pay, course.loaded_km, course.to_door_s / 60, parcels)
        if self.surge is not None:
            pay_usd = pay_usd * self.surge[shared.regulator.ground.zone[orders.origin[member[first[:-1]]]]]
        raised_usd, charge_usd = np.zeros(len(asked)), np.zeros(len(asked))
        destination = orders.destination[member[first[1:] - 1]]
        if shared.regulator.in_force:
            store_min = (course.picked_s - arrived_s) / 60
            store = orders.origin[member[first[:-1]]]
            ride = Ride(start, store, destination, accepted_s, pickup_km, course.loaded_km, hours * 60, store_min)
            before_usd, pay_usd = pay_usd, shared.regulator.offer(pay_usd, ride)
            raised_usd, charge_usd = pay_usd - before_usd, shared.regulator.charge(ride)
        if shared.drivers.under_contract:
            captive = self.captive(asked, accepted_s)
            pay_usd, raised_usd = np.where(captive, 0.0, pay_usd), np.where(captive, 0.0, raised_usd)
        tip_usd = np.add.reduceat(orders.tip_usd[member], first[:-1])
        times, rows, edges = course.delivered_s.tolist(), member.tolist(), first.tolist()
        trips = Trips(
            driver=asked,
            destination=destination,
            accepted_s=accepted_s,
            arrived_s=arrived_s,
            picked_s=course.picked_s,
            end_s=course.end_s,
            to_door_s=course.to_door_s,
            at_door_s=course.at_door_s,
            pickup_km=pickup_km,
            loaded_km=course.loaded_km,
            net_usd=pay_usd + tip_usd - charge_usd - shared.driver_settings.cost_usd_per_km * km,
            doors=[list(zip(times[a:b], rows[a:b], strict=True)) for a, b in pairwise(edges)],
        )
        return Offers(
            trips,
            first,
            member,
            start,
            pay_usd,
            raised_usd,
            tip_usd,
            charge_usd,
            km,
            hours,
            course.leg_km,
            course.delivered_s,
        )

    def answer(self, offers: Offers, before: Offers | None = None) -> Bools:
        """Let drivers answer, bool [m]; of trips under way (`before`) they weigh what the further orders add."""
        shared, asked = self.shared, offers.trips.driver
        income, km, hours = offers.pay_usd + offers.tip_usd - offers.charge_usd, offers.km, offers.hours
        if before is not None:
            income = income - before.pay_usd - before.tip_usd + before.charge_usd
            km, hours = km - before.km, hours - before.hours
        yes = accept(
            income,
            km,
            hours,
            shared.drivers.reservation_usd_per_h[asked],
            shared.driver_settings.cost_usd_per_km,
            shared.regulator.acceptance(shared.driver_settings.acceptance_scale_usd),
            self._noise(offers),
        )
        shared.orders.offers[offers.member] += 1
        if shared.drivers.under_contract:
            yes = yes | self.captive(asked, offers.trips.accepted_s)
        return yes

    def hand_over(self, offers: Offers, trip: int, number: int, now_s: float) -> None:
        """Write one accepted trip on its orders; pay and the empty way are shared equally.

        Orders that join a trip are accepted now, and found by the driver no sooner.
        """
        orders, trips, part = self.shared.orders, offers.trips, offers.of(trip)
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
        return np.asarray(self.shared.drivers.captive_of(asked, moment) == self.number)

    def _noise(self, offers: Offers) -> Floats:
        """Return the noise of acceptance, float64 [m]; a trip has that of its oldest order."""
        orders = self.shared.orders
        oldest = np.minimum.reduceat(offers.member, offers.first[:-1])
        return uniform_triples(self._accept_key, orders.occasion[oldest], offers.trips.driver, orders.offers[oldest])
