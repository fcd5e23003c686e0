"""A market is a Mesa model: what Mesa's documentation says of models holds for it."""

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.datacollection import DataCollector

from galleria.agents.drivers.driver import Driver
from galleria.agents.kernel.clock import DAY_S, HOUR_S
from galleria.models.market import Market
from galleria.models.measures.series import SERIES
from tests.market_worlds import BUSY_TOY, city_of, market_of, run_of, settings_of

TWO_DAYS = (*BUSY_TOY, "run.days=2")


def test_stepping_alone_is_the_whole_run() -> None:
    market = market_of("run.tables=all", *TWO_DAYS)
    assert market.running
    while market.running:
        market.step()
    _, whole = run_of(*TWO_DAYS)
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(market.outcome().tables[name], table)
    pd.testing.assert_frame_equal(market.outcome().metrics, whole.metrics)


def test_run_model_and_run_are_that_loop() -> None:
    by_mesa, by_run = market_of(*BUSY_TOY), market_of(*BUSY_TOY)
    by_mesa.run_model()
    outcome = by_run.run()
    assert not by_mesa.running
    assert not by_run.running
    assert (by_mesa.steps, by_mesa.time) == (by_run.steps, by_run.time)
    pd.testing.assert_frame_equal(by_mesa.outcome().metrics, outcome.metrics)


def test_a_run_may_go_on_where_steps_have_ended() -> None:
    market = market_of("run.tables=all", *TWO_DAYS)
    for _ in range(100):
        market.step()
    pd.testing.assert_frame_equal(market.run().metrics, run_of(*TWO_DAYS)[1].metrics)


def test_after_the_end_a_step_does_nothing_and_a_second_run_is_refused() -> None:
    market = market_of(*BUSY_TOY)
    with pytest.raises(RuntimeError, match="this market is at 0 s and still running"):
        market.outcome()
    market.run()
    steps, time_s = market.steps, market.time
    market.step()
    assert (market.steps, market.time, market.running) == (steps, time_s, False)
    with pytest.raises(RuntimeError, match=r"has run to its end: ask for its outcome\(\), or make a new one"):
        market.run()


def test_time_counts_seconds_and_a_step_is_an_interval() -> None:
    market = market_of(*BUSY_TOY)
    market.step()
    assert market.steps == 1
    assert market.time == market.world.clock.now_s > 0
    assert market.time % market.settings.dispatch.interval_s == 0
    market.run()
    assert DAY_S <= market.time <= DAY_S + market.settings.run.runout_h * HOUR_S


def test_running_for_a_time_opens_and_closes_days() -> None:
    market = market_of(*TWO_DAYS)
    market.run_for(400)
    assert market.time == 400
    assert market.world.clock.now_s == 300
    market.run_for(DAY_S - 400)
    assert (market.time, len(market.world.memory.days)) == (DAY_S, 1)
    first = market.world.orders.count
    market.run_for(400)
    assert market.world.clock.day == 1
    market.run_until(2 * DAY_S)
    assert market.world.orders.count > 1.5 * first
    market.run_until(4 * DAY_S)
    assert not market.running
    pd.testing.assert_frame_equal(market.outcome().metrics, run_of(*TWO_DAYS)[1].metrics)


def test_a_time_that_has_passed_warns_as_in_mesa() -> None:
    market = market_of(*BUSY_TOY)
    market.run_until(600)
    market.run_until(600)
    with pytest.warns(RuntimeWarning, match="end_time 300 is larger than time 600"):
        market.run_until(300)
    assert market.time == 600


class Strike:
    """Something that a user schedules."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.seen: list[tuple[float, float]] = []

    def begin(self) -> None:
        self.seen.append((self.market.time, self.market.world.clock.now_s))
        self.market.agents_by_type[Driver].set("online", value=False)


def test_what_is_scheduled_happens_in_its_place() -> None:
    market = market_of(*BUSY_TOY)
    strike = Strike(market)
    market.schedule_event(strike.begin, at=15 * HOUR_S + 10)
    market.run_until(15 * HOUR_S)
    assert market.world.drivers.online.sum() > 5
    market.step()
    assert strike.seen == [(15 * HOUR_S + 10, 15 * HOUR_S)]
    assert market.world.drivers.online.sum() == 0


def test_without_intervals_steps_go_from_event_to_event() -> None:
    market = market_of(*BUSY_TOY, "dispatch=nearest_immediate", "dispatch.interval_s=0")
    times = []
    while market.running:
        market.step()
        times.append(market.time)
    assert (np.diff(times) > 0).all()
    assert len({time % 30 for time in times}) > 100


def test_a_seed_may_be_given_as_mesa_does() -> None:
    settings = settings_of(*BUSY_TOY)
    city = city_of(settings.city)
    by_rng = Market(settings, city, rng=7).run()
    by_settings = market_of(*BUSY_TOY, "run.seed=7").run()
    pd.testing.assert_frame_equal(by_rng.metrics, by_settings.metrics)
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        Market(settings, city, rng="seven")  # type: ignore[arg-type]


def test_series_are_collected_where_asked_for() -> None:
    settings = settings_of(*BUSY_TOY)
    market = Market(settings, city_of(settings.city), collect=True)
    outcome = market.run()
    frame = market.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == list(SERIES)
    assert len(frame) >= DAY_S / settings.dispatch.requote_s
    value = outcome.metrics.set_index("metric")["value"]
    last = frame.iloc[-1]
    assert last["orders_placed"] == value["orders_placed"] == frame["orders_placed"].max()
    assert frame["orders_placed"].is_monotonic_increasing
    assert last["orders_delivered"] == value["orders_delivered"]
    assert last["orders_cancelled"] == value["orders_cancelled"]
    online_h = (frame["drivers_online"] * settings.dispatch.requote_s).sum() / HOUR_S
    assert online_h == pytest.approx(market.world.drivers.online_s.sum() / HOUR_S, rel=0.1)
    assert frame["orders_waiting"].max() > 0
    assert frame["orders_carried"].max() > 1
    assert (frame["drivers_idle"] <= frame["drivers_online"]).all()
    assert market_of(*BUSY_TOY).datacollector.get_model_vars_dataframe().empty


def test_collecting_changes_nothing() -> None:
    settings = settings_of("run.tables=all", *TWO_DAYS)
    market = Market(settings, city_of(settings.city), collect=True)
    pd.testing.assert_frame_equal(market.run().tables["orders"], run_of(*TWO_DAYS)[1].tables["orders"])


def test_a_user_may_collect_what_he_likes() -> None:
    market = market_of(*BUSY_TOY)
    collector = DataCollector(
        {"online": lambda model: sum(model.agents_by_type[Driver].get("online"))},
        agenttype_reporters={Driver: {"orders": "orders"}},
    )
    while market.running:
        market.step()
        if market.steps % 100 == 0:
            collector.collect(market)
    online = collector.get_model_vars_dataframe()["online"]
    assert 0 <= online.min() < online.max() <= len(market.world.drivers)
    by_driver = collector.get_agenttype_vars_dataframe(Driver)
    assert len(by_driver) == len(online) * len(market.world.drivers)


def test_a_model_can_be_batch_run() -> None:
    """By Mesa's own batch_run, with its seed; in one process, as a test should."""
    settings = settings_of(*BUSY_TOY)
    rows = mesa.batch_run(
        Market,
        {"settings": [settings], "city": [city_of(settings.city)], "replication": [0, 1], "collect": True},
        rng=[1, 2],
        max_steps=10_000,
        display_progress=False,
    )
    frame = pd.DataFrame(rows)
    assert len(frame) == 4
    assert (
        len(frame[["orders_placed", "orders_cancelled", "Step"]].drop_duplicates()) == 4
    )  # other shoppers, other moments
    assert set(frame["rng"]) == {1, 2}
