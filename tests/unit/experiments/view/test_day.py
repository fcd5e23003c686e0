"""What the page is told of a run: the run's own counts, whether its orders table was kept or only the log."""

import json
from typing import Any

import pytest

from galleria.experiments.view.day import day_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY, run_of


@pytest.fixture(scope="module", params=["all tables", "the log alone"])
def told(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Recording]:
    market, outcome = run_of("run.record=true", "meals=us_2024", *BUSY_TOY)
    recording = Recording.of_market("a day", market, outcome)
    if request.param == "the log alone":
        for name in ("orders", "meals", "retailers", "drivers", "zones"):
            recording = Recording(
                **{**vars(recording), "tables": {k: v for k, v in recording.tables.items() if k != name}}
            )
    return day_of(recording, Paths(recording.city)), recording


def test_orders_and_meals_end_as_the_run_counted_them(told: tuple[dict[str, Any], Recording]) -> None:
    day, recording = told
    orders, first_meal = day["orders"], day["first_meal"]
    measures = recording.metrics.set_index("metric")["value"]
    delivered = [at is not None for at in orders["delivered"]]
    assert sum(delivered[:first_meal]) == measures["orders_delivered"]
    assert first_meal == measures["orders_placed"]
    meals = recording.tables["meal_events"]["event"]
    assert len(delivered) - first_meal == (meals == "placed").sum()
    assert sum(delivered[first_meal:]) == (meals == "delivered").sum() > 0
    assert {len(column) for column in orders.values()} == {len(delivered)}
    assert len(day["restaurants"]) > 1


def test_offers_are_those_of_the_log(told: tuple[dict[str, Any], Recording]) -> None:
    day, recording = told
    kinds = [event for name in ("events", "meal_events") for event in recording.tables[name]["event"]]
    assert len(day["offers"]["order"]) == kinds.count("offered")
    assert sum(day["offers"]["declined"]) == kinds.count("declined")


def test_all_of_it_is_plain_json(told: tuple[dict[str, Any], Recording]) -> None:
    json.dumps(told[0], allow_nan=False)


def test_a_market_that_kept_no_log_is_refused() -> None:
    market, outcome = run_of(*BUSY_TOY)
    with pytest.raises(UsageError, match=r"run\.record=true"):
        Recording.of_market("a day", market, outcome)
