"""Drivers' ways as files that maps on the web read: GeoJSON for kepler.gl, JSON for deck.gl, plain CSV."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from galleria.experiments.view.day import log_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.experiments.view.spans import STATES, spans_of, ways_of
from galleria.models.city import City

FIRST_MIDNIGHT = 1_735_689_600
"""Unix seconds of 1 January 2025, 0 h UTC: the day that the model's first day is told to be, for it has no date."""
_KM_PER_DEGREE = 111.32


class Trip(NamedTuple):
    """One drive of a driver.

    Attributes
    ----------
    driver, order
        Numbers; -1 for no order.
    courier, doing
        For whom, "" for nobody; what kind of drive it is.
    points
        float64 [n, 3], degrees east, degrees north, seconds since the first midnight.
    """

    driver: int
    order: int
    courier: str
    doing: str
    points: np.ndarray


def trips_of(recording: Recording) -> Iterator[Trip]:
    """Yield all drives of a run, by driver and time.

    Cities that were generated lie nowhere: they are laid around 0 degrees north, 0 degrees east.
    """
    log = log_of(recording)
    spans = spans_of(log.events, recording.door_s)
    ways = Paths(recording.city).between(ways_of(spans))
    to_degrees = _degrees(recording.city)
    names = [str(name) for name in log.events["courier"].cat.categories]
    for span in spans:
        if span.origin == span.place:
            continue
        points = ways[span.origin, span.place]
        degrees = np.column_stack([points[:, :2] / 1000, np.ones(len(points))]) @ to_degrees
        time_s = span.from_s + points[:, 2] * (span.to_s - span.from_s)
        courier = names[span.courier] if span.courier >= 0 else ""
        yield Trip(span.driver, span.order, courier, STATES[span.state], np.column_stack([degrees, time_s]))


def _degrees(city: City) -> np.ndarray:
    """Return the plane map from (x km, y km, 1) to degrees, float64 [3, 2]; a city's frame is one already."""
    roads = city.roads
    here = np.column_stack([roads.node_x_km, roads.node_y_km, np.ones(roads.nodes)])
    known = np.isfinite(roads.node_lon)
    if not known.any():
        middle = here[:, :2].mean(axis=0) / _KM_PER_DEGREE
        return np.vstack([np.eye(2) / _KM_PER_DEGREE, -middle])
    there = np.column_stack([roads.node_lon, roads.node_lat])
    solution: np.ndarray = np.linalg.lstsq(here[known], there[known])[0]
    return solution


def as_geojson(recording: Recording) -> str:
    """Write trips for kepler.gl: lines whose points are [longitude, latitude, altitude, unix seconds].

    The format is that of kepler.gl's trip layer (docs.kepler.gl, user guides, trip layer).
    """
    features = [
        {
            "type": "Feature",
            "properties": _about(trip),
            "geometry": {
                "type": "LineString",
                "coordinates": [
                    [round(lon, 6), round(lat, 6), 0, FIRST_MIDNIGHT + round(time_s)]
                    for lon, lat, time_s in trip.points.tolist()
                ],
            },
        }
        for trip in trips_of(recording)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, allow_nan=False)


def as_deck_json(recording: Recording) -> str:
    """Write trips for deck.gl: `path` and `timestamps` of each, as its TripsLayer takes them by getPath, getTimestamps.

    Timestamps are seconds since the first midnight, because deck.gl keeps them in 32 bits.
    """
    trips = [
        {
            **_about(trip),
            "path": np.round(trip.points[:, :2], 6).tolist(),
            "timestamps": np.round(trip.points[:, 2], 1).tolist(),
        }
        for trip in trips_of(recording)
    ]
    return json.dumps(trips, allow_nan=False)


def as_csv(recording: Recording) -> str:
    """Write one row a point of a way: id of the way, latitude, longitude, unix seconds, and whose it is."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(["id", "latitude", "longitude", "timestamp", "driver", "order", "courier", "doing"])
    for number, trip in enumerate(trips_of(recording)):
        for lon, lat, time_s in trip.points.tolist():
            rows.writerow([number, f"{lat:.6f}", f"{lon:.6f}", FIRST_MIDNIGHT + round(time_s), *trip[:4]])
    return stream.getvalue()


def _about(trip: Trip) -> dict[str, Any]:
    return {"driver": trip.driver, "order": trip.order, "courier": trip.courier, "doing": trip.doing}


WRITERS: Mapping[str, Callable[[Recording], str]] = MappingProxyType(
    {".geojson": as_geojson, ".json": as_deck_json, ".csv": as_csv}
)
"""Ending of a file's name -> what is written into it."""
