"""Congested roads: everybody's cars share the streets, and travel times follow (model 7.8).

The day is cut into periods. In each, background trips between zones (and the trips of the simulated market) are
assigned to the roads in user equilibrium. The travel tables are computed at the mean times of the day, so the queue on
one arterial makes its detour the fastest path; each hour then scales all times by how its period compares with the
mean. A trip that crosses an hour's border drives the rest at the new speed, as everywhere.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.parameters import EVERY_HOUR, NonNegative, Parameters, Positive, Share, shares_sum_to_one
from galleria.models.city import City, Roads
from galleria.models.city import cache as store
from galleria.models.city.tables import compute_tables
from galleria.models.traffic.assignment import CostFunction, Loader, equilibrium

type Period = Annotated[int, Field(ge=0, le=23)]


class RoadClass(Parameters):
    """What a class of road carries: lanes a direction where the map states none, and vehicles per hour and lane."""

    lanes: Positive
    vehicles_per_lane_h: Positive


class CongestionSettings(Parameters):
    """Background traffic and how roads bear it; units and sources stand in conf/traffic/congested.yaml.

    Parameters
    ----------
    trips_per_km2
        Vehicle trips that start on a day, all people and purposes, on the mean square kilometre of the city. The
        households of the market are only those who might order, so they do not count the traffic.
    share_by_hour
        How they spread over the day.
    period_of_hour
        Which hours are assigned together, numbered from 0.
    decay_per_km
        Trips between two zones fall by this exponential rate with their distance.
    retail_share
        Share of trips that end at malls and big boxes; the others end where people live.
    b, power
        Of the cost function of the Bureau of Public Roads.
    roads
        Capacity by road class; classes that are not listed never congest.
    gap, iterations
        When an assignment has come to rest.
    feedback_days
        Days of the market whose own trips are averaged into the traffic; 0 for background trips alone.
    """

    trips_per_km2: NonNegative
    share_by_hour: Annotated[tuple[NonNegative, ...], EVERY_HOUR]
    period_of_hour: Annotated[tuple[Period, ...], EVERY_HOUR]
    decay_per_km: NonNegative
    retail_share: Share
    b: NonNegative
    power: Annotated[float, Field(ge=1, le=12)]
    roads: dict[str, RoadClass]
    gap: Positive
    iterations: Annotated[int, Field(ge=1)]
    feedback_days: Annotated[int, Field(ge=0, le=20)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        shares_sum_to_one("share_by_hour", list(self.share_by_hour))
        if sorted(set(self.period_of_hour)) != list(range(self.periods)):
            raise ValueError("period_of_hour must number its periods 0, 1, 2, ... without a gap")
        return self

    @property
    def periods(self) -> int:
        """Number of periods."""
        return max(self.period_of_hour) + 1

    def hours_by_period(self) -> Floats:
        """Return float64 [periods], how many hours each lasts."""
        return np.bincount(self.period_of_hour).astype(np.float64)

    def share_by_period(self) -> Floats:
        """Return float64 [periods], the share of the day's background trips in each."""
        return np.bincount(self.period_of_hour, self.share_by_hour)


@dataclass(frozen=True, eq=False)
class Congested:
    """A city under congestion.

    Parameters
    ----------
    city
        The city with its tables at the mean times of the day.
    speed_factor
        24 factors on the speeds of these tables, by hour.
    delay
        For each period, mean travel time over that at free flow, less one.
    """

    city: City
    speed_factor: tuple[float, ...]
    delay: tuple[float, ...]


def zone_nodes(city: City) -> NDArray[np.int32]:
    """Choose the road node (int32 [zones]) at which trips enter a zone: its place with most households."""
    places = city.places
    order = np.lexsort((np.arange(places.n), -places.households, places.zone))
    _, first = np.unique(places.zone[order], return_index=True)
    return places.node[order[first]]


def background_trips(city: City, settings: CongestionSettings) -> Floats:
    """Return a day's background trips, float64 [zones, zones], by a gravity model; each is matched by a return.

    Trips start where people live; a share ends at stores, the others where people live, the farther the fewer.
    """
    places, zones = city.places, city.zones.n
    people = np.bincount(places.zone, places.households, zones)
    stores = np.array([site.place for site in (*city.malls, *city.big_boxes)])
    retail = np.bincount(places.zone[stores], minlength=zones).astype(np.float64)
    pull = (1 - settings.retail_share) * people / people.sum() + settings.retail_share * retail / retail.sum()
    away_km = np.hypot(
        city.zones.x_km[:, None] - city.zones.x_km[None, :], city.zones.y_km[:, None] - city.zones.y_km[None, :]
    )
    wanted = pull * np.exp(-settings.decay_per_km * away_km)
    start = settings.trips_per_km2 * city.area_km2 * people / people.sum()
    out = start[:, None] * wanted / wanted.sum(axis=1, keepdims=True)
    return np.asarray((out + out.T) / 2)


def congest(
    city: City, settings: CongestionSettings, own: Floats | None = None, cache: Path | None = None
) -> Congested:
    """Let background trips and the market's own trips share the roads; from the cache when they have before.

    Parameters
    ----------
    city
        At free flow.
    settings
        Background trips and capacities.
    own
        float64 [periods, zones, zones], trips of the simulated market in each period of a day; None for none.
    cache
        Cache folder; None for the user's own.
    """
    folder = cache or store.default_folder()
    about = (
        f"{city.key} {settings.model_dump_json()} {'' if own is None else hashlib.sha256(own.tobytes()).hexdigest()}"
    )
    key = hashlib.sha256(about.encode()).hexdigest()
    name = f"{city.name}-congested"
    found = store.fetch(folder, name, key, lambda draft: _assign(city, settings, own, key, draft))
    told = json.loads((store.entry_path(folder, name, key) / "traffic.json").read_text(encoding="utf-8"))
    return Congested(found, tuple(told["speed_factor"]), tuple(told["delay"]))


def _assign(city: City, settings: CongestionSettings, own: Floats | None, key: str, folder: Path) -> City:
    """Find the equilibrium of each period; leave tables at the mean times, and factors in `traffic.json`."""
    roads, nodes = city.roads, zone_nodes(city)
    trips = settings.share_by_period()[:, None, None] * background_trips(city, settings)
    if own is not None:
        trips = trips + own
    per_hour = trips / settings.hours_by_period()[:, None, None]
    costs = cost_function(roads, settings)
    dead_ends = roads.dead_ends()
    edge_time_s = np.empty((settings.periods, roads.edges))
    for period in range(settings.periods):
        loader = Loader(roads.edge_u, roads.edge_v, roads.nodes, per_hour[period], nodes, nodes, dead_ends)
        edge_time_s[period] = equilibrium(loader, costs, settings.gap, settings.iterations).cost
    weight = trips.sum(axis=(1, 2))
    weight = weight / weight.sum() if weight.sum() > 0 else settings.hours_by_period() / 24
    mean_roads = replace(roads, edge_time_s=weight @ edge_time_s)
    driven_s = np.array([_mean_time_s(replace(roads, edge_time_s=t), nodes, trips.sum(axis=0)) for t in edge_time_s])
    mean_s, free_s = (_mean_time_s(r, nodes, trips.sum(axis=0)) for r in (mean_roads, roads))
    told = {
        "speed_factor": (mean_s / driven_s)[list(settings.period_of_hour)].tolist(),
        "delay": (driven_s / free_s - 1).tolist(),
    }
    (folder / "traffic.json").write_text(json.dumps(told), encoding="utf-8")
    time, distance = compute_tables(mean_roads, city.places.node, folder, progress=False)
    bears = roads.edge_length_km @ (costs.b > 0) / roads.edge_length_km.sum()
    said = (
        f"Travel times are those of the mean hour of the day with {trips.sum():,.0f} vehicle trips on the roads; "
        f"{bears:.0%} of the road length is of classes that congest (traffic.congestion.roads)."
    )
    return replace(city, key=key, time=time, distance=distance, report=(*city.report, said))


def cost_function(roads: Roads, settings: CongestionSettings) -> CostFunction:
    """Return the travel time (s) of each edge by its flow (vehicles per hour)."""
    lanes = np.array([settings.roads[name].lanes if name in settings.roads else 1.0 for name in roads.class_names])
    per_lane = np.array(
        [settings.roads[name].vehicles_per_lane_h if name in settings.roads else np.inf for name in roads.class_names]
    )
    stated = np.where(roads.edge_lanes > 0, roads.edge_lanes, lanes[roads.edge_class])
    capacity = stated * per_lane[roads.edge_class]
    bears = np.isfinite(capacity)
    return CostFunction(
        free=roads.edge_time_s,
        b=np.where(bears, settings.b, 0.0),
        power=np.full(roads.edges, settings.power),
        capacity=np.where(bears, capacity, 1.0),
        fixed=np.zeros(roads.edges),
    )


def _mean_time_s(roads: Roads, nodes: NDArray[np.int32], trips: Floats) -> float:
    """Average the fastest times between zones over trips; over all pairs when there are none."""
    time_s = roads.distances(roads.fastest(), nodes)[:, nodes]
    weight = np.where(np.eye(len(nodes), dtype=bool), 0.0, trips)
    return float(np.average(time_s, weights=weight if weight.sum() > 0 else None))
