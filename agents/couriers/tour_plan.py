"""What a day's van tours take, by continuous approximation (model 7.7)."""

from dataclasses import dataclass
from math import ceil, sqrt

from galleria.agents.couriers.kinds.van import TourSettings


@dataclass(frozen=True)
class TourPlan:
    """What it takes to deliver a day's parcels.

    Attributes
    ----------
    stops, routes
        Doors and van routes.
    km, hours
        Of all vans.
    marginal_km
        Km that one more stop adds.
    vans
        Of eight hours each.
    """

    stops: float
    routes: float
    km: float
    hours: float
    marginal_km: float
    vans: int

    def less(self, other: "TourPlan") -> "TourPlan":
        """Return what these tours need beyond others that would be driven anyway."""
        return TourPlan(
            self.stops - other.stops,
            self.routes - other.routes,
            self.km - other.km,
            self.hours - other.hours,
            self.marginal_km,
            self.vans - other.vans,
        )

    def cost_usd(self, settings: "TourSettings") -> float:
        """Compute the cost of time and distance, $."""
        return settings.cost_usd_per_h * self.hours + settings.cost_usd_per_km * self.km


def plan_tours(parcels: int, area_km2: float, depot_km: float, settings: "TourSettings") -> TourPlan:
    """Approximate the tours for a number of parcels, D = 2 rho max(1, N / C) + k sqrt(N A).

    Parameters
    ----------
    parcels
        To deliver.
    area_km2
        Served area A.
    depot_km
        Mean distance rho from the warehouse to the doors.
    settings
        Stops a route C, constant k, speed and times, and stops for other shippers on the same tours.

    Notes
    -----
    Daganzo 1984, The distance traveled to visit N points with a maximum of C stops per vehicle; the constant was
    fitted anew on routed instances (see conf/courier).
    """
    stops = settings.background_stops + parcels / settings.parcels_per_stop
    if stops == 0:
        return TourPlan(0.0, 0.0, 0.0, 0.0, 0.0, 0)
    routes = max(1.0, stops / settings.stops_per_route)
    local_km = settings.tour_constant * sqrt(stops * area_km2)
    km = 2 * depot_km * routes + local_km
    hours = km / settings.speed_km_per_h + (stops * settings.stop_min + routes * settings.load_min) / 60
    line_haul_km = 2 * depot_km / settings.stops_per_route if routes > 1 else 0.0
    marginal_km = line_haul_km + local_km / (2 * stops)
    return TourPlan(stops, routes, km, hours, marginal_km, ceil(hours / 8))
