"""A moment as a figure and a run as a film show whom the log has where; a market that still runs shows its present."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

import galleria
from galleria.experiments.view.film import write_film
from galleria.experiments.view.moment import Moments, clock
from galleria.experiments.view.notebook import view
from galleria.experiments.view.recording import Recording
from galleria.models.errors import UsageError
from tests.market_worlds import BUSY_TOY, market_of, run_of


@pytest.fixture(scope="module")
def moments() -> Moments:
    return Moments(Recording.of_market("a day", *run_of("run.record=true", *BUSY_TOY)))


def test_who_is_on_line_is_who_logged_on_and_not_off(moments: Moments) -> None:
    events = moments.log.events
    for hour in (8, 11, 14.5, 20):
        before = events[events["time_s"] <= hour * 3600]["event"]
        online = (before == "logged_on").sum() - (before == "logged_off").sum()
        assert len(moments.drivers(hour * 3600)) == online


def test_open_orders_are_those_placed_and_not_ended(moments: Moments) -> None:
    events = moments.log.events
    asked = set(events.loc[events["event"] == "offered", "order"])
    now = events[(events["time_s"] <= 13 * 3600) & events["order"].isin(asked)]
    placed, ended = now[now["event"] == "placed"], now[now["event"].isin(["delivered", "cancelled"])]
    assert len(moments.orders(13 * 3600)) == len(placed) - len(ended)


def test_the_figure_names_its_couriers_and_its_time(moments: Moments) -> None:
    ax = moments.plot(13.5 * 3600)
    legend = ax.get_legend()
    assert legend is not None
    assert {"Mall direct", "Rival A"} <= {text.get_text() for text in legend.get_texts()}
    assert ax.get_title("right") == "13:30"
    assert clock(90_000) == "day 2, 01:00"


def test_a_film_has_a_frame_a_step_and_they_differ(moments: Moments, tmp_path: Path) -> None:
    target = tmp_path / "noon.gif"
    assert write_film(moments.recording, target, (12, 13), 20) == 3
    with Image.open(target) as film:
        frames = [np.asarray(frame.convert("RGB")) for frame in ImageSequence.Iterator(film)]
    assert len(frames) == 3
    assert (frames[0] != frames[-1]).any()
    with pytest.raises(UsageError, match="no frame"):
        write_film(moments.recording, target, (13, 13))


def test_a_market_on_its_way_is_seen_as_it_stands() -> None:
    town = market_of("run.record=true", *BUSY_TOY)
    town.run_until(13 * 3600)
    seen = view(town)
    drivers = Moments(seen.recording).drivers(seen.at_s)
    assert len(drivers) == town.world.drivers.online.sum() > 0
    assert '"at":46800' in seen.page()
    assert seen._repr_html_().startswith("<iframe")
    while town.running:
        town.step()
    assert len(galleria.view(town).recording.tables["events"]) == len(town.outcome().tables["events"])


def test_a_market_without_a_log_is_refused() -> None:
    with pytest.raises(UsageError, match=r"run\.record=true"):
        view(market_of(*BUSY_TOY))
