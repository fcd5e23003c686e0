"""Ways in the forms that maps on the web read, true to the log's kilometres and times."""

import csv
import io
import json

import numpy as np
import pytest

from galleria.experiments.view.recording import Recording
from galleria.experiments.view.trips import FIRST_MIDNIGHT, as_csv, as_deck_json, as_geojson, trips_of
from tests.market_worlds import BUSY_TOY, run_of


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording.of_market("a day", *run_of("run.record=true", *BUSY_TOY))


def test_drives_are_as_long_as_the_log_says(recording: Recording) -> None:
    events = recording.tables["events"]
    trips = list(trips_of(recording))
    driven = {"to the store": 0.0, "to a door": 0.0}
    for trip in trips:
        driven[trip.doing] += float(np.hypot(*np.diff(trip.points[:, :2], axis=0).T).sum()) * 111.32
    told = events.groupby("event", observed=True)["km"].sum()
    assert driven["to the store"] == pytest.approx(told["arrived"], rel=0.01)
    assert driven["to a door"] == pytest.approx(told["delivered"], rel=0.01)
    assert {trip.courier for trip in trips} == set(events["courier"].dropna()) - {"warehouse"}


def test_the_three_forms_tell_the_same(recording: Recording) -> None:
    lines = json.loads(as_geojson(recording))["features"]
    paths = json.loads(as_deck_json(recording))
    rows = list(csv.DictReader(io.StringIO(as_csv(recording))))
    assert len(lines) == len(paths) == len({row["id"] for row in rows}) > 10
    for line, path in zip(lines, paths, strict=True):
        points = line["geometry"]["coordinates"]
        assert line["geometry"]["type"] == "LineString"
        assert {len(point) for point in points} == {4}  # longitude, latitude, altitude, time: a trip to kepler.gl
        assert [point[:2] for point in points] == path["path"]
        seconds = [point[3] - FIRST_MIDNIGHT for point in points]
        np.testing.assert_allclose(seconds, path["timestamps"], atol=0.6)
        assert seconds == sorted(seconds)
        assert line["properties"]["driver"] == path["driver"]
    assert sum(len(path["path"]) for path in paths) == len(rows)
    assert 0 <= int(rows[0]["timestamp"]) - FIRST_MIDNIGHT < 2 * 86_400
