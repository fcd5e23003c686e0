"""The market's own cars in the traffic: its trips are averaged over days until roads and market agree (model 7.8)."""

from typing import Any

import numpy as np
import pandas as pd

from galleria.agents.customers.channels import STORE_BIG_BOX, STORE_MALL
from galleria.agents.kernel.arrays import Floats
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.city import City
from galleria.models.traffic.congestion import CongestionSettings


def market_trips(tables: dict[str, Any], city: City, settings: CongestionSettings) -> Floats:
    """Count a day's trips of the market, float64 [periods, zones, zones].

    A delivered order drives from its origin to the door and leaves the zone again empty; a shopper drives to the
    nearest mall or big box and back, at the hours at which everybody drives.
    """
    zones, period = city.zones.n, np.array(settings.period_of_hour)
    trips = np.zeros((settings.periods, zones, zones))
    orders = pd.concat([tables[name] for name in ("orders", "meals") if name in tables])
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
