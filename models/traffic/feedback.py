"""The market's own cars in the traffic: its trips are averaged over days until roads and market agree (model 7.8)."""

from collections.abc import Callable
from typing import Any

import numpy as np

from agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from agents.kernel.arrays import Floats
from agents.kernel.clock import DAY_S, HOUR_S
from models.city import City
from models.traffic.congestion import Congested, CongestionSettings, congest

type Simulate = Callable[[Any, City, int], Any]
"""`models.market.simulate`: settings, city, replication -> outcome."""


def settle_traffic(settings: Any, city: City, simulate: Simulate) -> tuple[Any, City]:
    """Return the settings and the city of a congested design point, ready to be simulated.

    The market runs `feedback_days` single days; after each, its trips join the traffic by the method of successive
    averages (the k-th day counts 1/k), and the roads are assigned anew. The days are those of replication 0 for all
    replications, so that they meet the same roads, and are assigned once.

    Parameters
    ----------
    settings
        `models.settings.tree.Settings` whose traffic profile is congested.
    city
        At free flow.
    simulate
        Runs a market under hourly traffic.
    """
    congestion: CongestionSettings = settings.traffic.congestion
    roads = congest(city, congestion)
    own = np.zeros((congestion.periods, city.zones.n, city.zones.n))
    for day in range(congestion.feedback_days):
        run = settings.run.model_copy(update={"days": 1, "warmup_days": 0, "tables": "orders"})
        outcome = simulate(hourly(settings, roads).model_copy(update={"run": run}), roads.city, 0)
        own += (market_trips(outcome.tables, city, congestion) - own) / (day + 1)
        roads = congest(city, congestion, own)
    return hourly(settings, roads), roads.city


def hourly(settings: Any, roads: Congested) -> Any:
    """Return the settings with the hour factors that congestion led to."""
    update = {"profile": "hourly", "speed_factor": roads.speed_factor, "congestion": None}
    return settings.model_copy(update={"traffic": settings.traffic.model_copy(update=update)})


def market_trips(tables: dict[str, Any], city: City, settings: CongestionSettings) -> Floats:
    """Count a day's trips of the market, float64 [periods, zones, zones].

    A delivered order drives from its origin to the door and leaves the zone again empty; a shopper drives to the
    nearest mall or big box and back, at the hours at which everybody drives.
    """
    zones, period = city.zones.n, np.array(settings.period_of_hour)
    trips = np.zeros((settings.periods, zones, zones))
    orders = tables["orders"]
    driven = orders[(orders["status"] == "delivered") & (orders["driver"] >= 0)]
    at = period[(driven["picked_s"].to_numpy() % DAY_S // HOUR_S).astype(np.int64)]
    start, end = (city.places.zone[driven[end].to_numpy()] for end in ("origin", "destination"))
    np.add.at(trips, (at, start, end), 1.0)
    np.add.at(trips, (at, end, start), 1.0)
    shoppers = tables["zones"]
    for channel, sites in ((STORE_MALL, city.malls), (STORE_BIG_BOX, city.big_boxes)):
        goes = shoppers[shoppers["channel"] == channel]
        home = goes["zone"].to_numpy()
        store = city.places.zone[_nearest(city, np.array([site.place for site in sites]))[home]]
        for share, p in zip(settings.share_by_period(), range(settings.periods), strict=True):
            np.add.at(trips, (p, home, store), share * goes["occasions"].to_numpy())
            np.add.at(trips, (p, store, home), share * goes["occasions"].to_numpy())
    return trips


def _nearest(city: City, places: np.ndarray) -> np.ndarray:
    """Return the place nearest (straight) to the centre of each zone."""
    x = city.zones.x_km[:, None] - city.places.x_km[places]
    y = city.zones.y_km[:, None] - city.places.y_km[places]
    return np.asarray(places[np.argmin(x**2 + y**2, axis=1)])
