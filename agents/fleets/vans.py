"""Vans: next-day tours from the warehouse, by continuous approximation or route by route (model 7.7)."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from galleria.agents.couriers.fleet import Fleet
from galleria.agents.couriers.kinds.van import TourSettings
from galleria.agents.couriers.settings import VanCourierSettings
from galleria.agents.couriers.tour_plan import TourPlan, plan_tours
from galleria.agents.fleets.tours import plan_routes, route_km, saving_km
from galleria.agents.kernel.arrays import Floats, Ints
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.agents.kernel.order import Orders, Status
from galleria.agents.kernel.roads import Roads


@dataclass(frozen=True)
class Depot:
    """Where tours start: the warehouse's place, and the roads."""

    place: int
    roads: Roads


def route_tours(stops: Ints, depot: Depot, settings: TourSettings) -> tuple[TourPlan, Floats]:
    """Plan tours stop by stop.

    Parameters
    ----------
    stops
        int [n], places of the stops.
    depot
        Where tours start.
    settings
        Stops a route, speed and times, and how long is searched.

    Returns
    -------
    The plan, and float64 [n], hours from leaving the depot to the end at each stop.
    """
    places = np.concatenate([[depot.place], stops])
    km = depot.roads.km(places[:, None], places)
    capacity = max(1, int(settings.stops_per_route))
    km_usd = settings.cost_usd_per_km + settings.cost_usd_per_h / settings.speed_km_per_h
    start_km = settings.cost_usd_per_h * settings.load_min / 60 / km_usd if km_usd else 0.0
    routes = plan_routes(km, np.ones(len(stops), np.int64), capacity, settings.search_iterations, start_km)
    done_h, total_km, saved_km = np.empty(len(stops)), 0.0, 0.0
    for route in routes:
        walk = np.concatenate([[0], route])
        done_h[route - 1] = np.cumsum(km[walk[:-1], walk[1:]] / settings.speed_km_per_h + settings.stop_min / 60)
        total_km += route_km(km, route)
        saved_km += float(saving_km(km, route).sum())
    done_h += settings.load_min / 60
    hours = total_km / settings.speed_km_per_h + (len(stops) * settings.stop_min + len(routes) * settings.load_min) / 60
    return TourPlan(len(stops), len(routes), total_km, hours, saved_km / len(stops), ceil(hours / 8)), done_h


class VanFleet(Fleet):
    """Collects a day's orders and has vans deliver them the next day.

    Parameters
    ----------
    settings
        The courier's quote and tours.
    orders
        The market's orders.
    area_km2, depot_km
        Of the city, see `plan_tours`.
    depot
        Where explicit tours start; without it they are approximated.
    """

    def __init__(
        self,
        settings: VanCourierSettings,
        orders: Orders,
        area_km2: float,
        depot_km: float,
        depot: Depot | None = None,
    ) -> None:
        self.settings = settings
        self.depot = depot
        self.orders = orders
        self.area_km2 = area_km2
        self.depot_km = depot_km
        self.waiting: list[int] = []
        self.tours: list[TourPlan] = []
        self.leaves_h = settings.tours.leaves_h

    @property
    def pending(self) -> int:
        """Number of orders for the next tours."""
        return len(self.waiting)

    def take(self, rows: Ints) -> None:
        """Keep orders for the next tours."""
        self.waiting += rows.tolist()

    def requote(self, now_s: float) -> float:
        """Quote the fixed promise, h."""
        del now_s
        return self.settings.quote_h

    def close_day(self, day: int) -> float:
        """Send out everything that was ordered."""
        tours = self.settings.tours
        if not self.waiting:
            self.tours.append(TourPlan(0.0, 0.0, 0.0, 0.0, 0.0, 0))
            return 0.0
        rows = np.array(self.waiting, np.int64)
        if tours.routes == "approximate" or self.depot is None:
            plan, out_s = self._approximate(rows)
        else:
            _, first, stop = np.unique(self.orders.household[rows], return_index=True, return_inverse=True)
            plan, done_h = route_tours(self.orders.destination[rows[first]], self.depot, tours)
            out_s = done_h[stop] * HOUR_S
        self.tours.append(plan)
        leaves_s = (day + self.settings.lag_days) * DAY_S + tours.leaves_h * HOUR_S
        self.orders.ready_s[rows] = self.orders.accepted_s[rows] = self.orders.picked_s[rows] = leaves_s
        self.orders.delivered_s[rows] = leaves_s + out_s
        self.orders.promised_s[rows] = (day + self.settings.lag_days + 1) * DAY_S
        self.orders.close(self.waiting, Status.DELIVERED)
        self.waiting = []
        return plan.cost_usd(tours)

    def marginal_usd(self, parcels_per_day: float) -> float:
        """Return what one more parcel a day adds to the cost of tours, $; at least one parcel is assumed."""
        number = max(1, round(parcels_per_day))
        less, more = (
            plan_tours(n, self.area_km2, self.depot_km, self.settings.tours).cost_usd(self.settings.tours)
            for n in (number, number + 1)
        )
        return more - less

    def _approximate(self, rows: Ints) -> tuple[TourPlan, Floats]:
        """Approximate the tours; doors are reached evenly over the hours of a route, s after it left."""
        tours = self.settings.tours
        whole = plan_tours(len(rows), self.area_km2, self.depot_km, tours)
        route_s = whole.hours / whole.routes * HOUR_S
        by_household = np.argsort(self.orders.household[rows], kind="stable")
        position = np.empty(len(rows))
        position[by_household] = (np.arange(len(rows)) + 0.5) / len(rows)
        return whole.less(plan_tours(0, self.area_km2, self.depot_km, tours)), position * route_s
