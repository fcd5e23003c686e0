"""The live city and its replay in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.results.folder import Folder
from galleria.experiments.scripting import sweep
from galleria.experiments.view.replay import write_page
from tests.browser.chromium import BROWSER, NO_BROWSER, Chromium
from tests.market_worlds import BUSY_TOY

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)
RECORDED = ("run.record=true", "run.tables=all", "hydra/launcher=basic")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "two"
    sweep([*BUSY_TOY, *RECORDED, "drivers.pool=20,60"], folder)
    target = Folder(folder).path / "replay.html"
    write_page(folder, target, [0, 1])
    return target


def test_a_replay_plays_without_a_message(browser: Chromium, replay: Path) -> None:
    browser.console.clear()
    browser.open(replay.as_uri())
    before = browser.evaluate("city.t")
    browser.press(" ", " ")
    browser.wait(f"city.t > {before} + 60")
    assert browser.evaluate("city.maps[0].day.drivers.some((_, k) => city.maps[0].day.driver(k, city.t))")
    browser.press(" ", " ")
    assert not browser.evaluate("city.playing")
    browser.evaluate("city.go(city.end)")
    browser.wait("!city.stale")
    assert browser.console == []


def test_side_by_side_shows_the_same_shoppers_and_differences(browser: Chromium, replay: Path) -> None:
    browser.open(replay.as_uri())
    browser.evaluate("city.go(city.end)")
    browser.wait("!city.stale")
    assert "the same in A and B" in browser.evaluate("document.getElementById('shoppers').textContent")
    rows = browser.evaluate(
        "[...document.querySelectorAll('#so_far tbody tr')].map((r) => [...r.children].map((c) => c.textContent))"
    )
    delivered = next(row for row in rows if row[0] == "Delivered so far")
    a, b, difference = (int(text.replace("\N{MINUS SIGN}", "-").replace(",", "")) for text in delivered[1:])
    assert b - a == difference
    assert browser.evaluate("city.maps.length") == 2


def test_the_story_of_an_order_opens_by_its_number_and_by_a_click(browser: Chromium, replay: Path) -> None:
    browser.open(replay.as_uri())
    number = browser.evaluate("city.days[0].brought.find((k) => city.days[0].orders.delivered[k] !== null)")
    browser.evaluate(f"document.getElementById('number').value = '{number}'")
    browser.evaluate("document.querySelector('#find button').click()")
    story = browser.evaluate("document.getElementById('story').innerText")
    assert f"Order {number}" in story
    for step in ("placed with", "accepted by", "on its way", "delivered after", "Pay to the driver"):
        assert step in story
    browser.evaluate("city.stories.close()")
    x, y = browser.evaluate(
        "(() => { const map = city.maps[0], box = map.canvas.getBoundingClientRect(), site = map.day.ground.sites[0];"
        "return [box.left + map.px(map.day.ground.x(site.place)), box.top + map.py(map.day.ground.y(site.place))]; })()"
    )
    browser.evaluate("city.go(0)")
    browser.wait("!city.stale")
    browser.click(x, y)
    browser.wait("!document.getElementById('story').hidden")
    assert "(mall)" in browser.evaluate("document.getElementById('story').innerText")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_it_fits(browser: Chromium, replay: Path, width: int, height: int, tmp_path: Path) -> None:
    browser.open(f"{replay.as_uri()}#at=13:00", width, height)
    browser.wait("!city.stale")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.picture(tmp_path / f"replay_{width}.png")
