"""The live city and its replay in a real browser."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.view.live import Live
from galleria.experiments.view.recording import Recording
from galleria.experiments.view.replay import page_of_runs
from galleria.experiments.view.server import LiveServer
from tests.browser.chromium import BROWSER, NO_BROWSER, Chromium
from tests.market_worlds import BUSY_TOY, run_of

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)
HOSTILE = "<img src=x onerror=console.error('executed')>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    server = LiveServer(Live(BUSY_TOY), 0, HOSTILE)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("page") / "replay.html"
    runs = [(pool, run_of("run.record=true", *BUSY_TOY[:-1], f"drivers.pool={pool}")) for pool in (20, 60)]
    recordings = [Recording.of_market(f"drivers.pool={pool}", *run) for pool, run in runs]
    target.write_text(page_of_runs("two runs", recordings), encoding="utf-8")
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
    assert "stores" in browser.evaluate("document.getElementById('story').innerText")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_it_fits(browser: Chromium, replay: Path, width: int, height: int, tmp_path: Path) -> None:
    browser.open(f"{replay.as_uri()}#at=13:00", width, height)
    browser.wait("!city.stale")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.picture(tmp_path / f"replay_{width}.png")


def set_number(browser: Chromium, key: str, value: float) -> None:
    """Type a number into the settings, as a user does, and wait for the run that follows."""
    box = f"document.getElementById('set_{key.replace('.', '_')}_box')"
    browser.evaluate(f"{box}.value = '{value}'; {box}.dispatchEvent(new Event('change'))")


def test_a_setting_changes_the_run_and_keeps_the_shoppers(browser: Chromium, live: LiveServer) -> None:
    browser.console.clear()
    browser.open(live.url)
    before = browser.evaluate("JSON.stringify(city.days[0].orders.driver)")
    browser.evaluate("document.getElementById('compare').click()")
    set_number(browser, "drivers.pool", 20)
    browser.wait("city.days[1].title === 'drivers.pool=20'")
    assert browser.evaluate("JSON.stringify(city.days[0].orders.driver)") == before
    assert browser.evaluate("JSON.stringify(city.days[1].orders.driver)") != before
    browser.evaluate("city.go(city.end)")
    browser.wait("!city.stale")
    assert "the same in A and B" in browser.evaluate("document.getElementById('shoppers').textContent")
    assert "drivers.pool=20" in browser.evaluate("document.getElementById('command').textContent")
    assert browser.console == []


def test_the_story_says_why_this_channel(browser: Chromium, live: LiveServer) -> None:
    browser.open(live.url)
    browser.evaluate("city.stories.tell(0, { kind: 'order', number: city.days[0].brought[0] })")
    browser.wait("document.getElementById('story').textContent.includes('Why this channel')")
    rows = browser.evaluate("[...document.querySelectorAll('#story table')].at(-1).innerText")
    assert "\N{CHECK MARK}" in rows
    assert "No purchase" in rows


def test_a_wrong_setting_is_said_and_hostile_names_are_shown(browser: Chromium, live: LiveServer) -> None:
    browser.open(live.url)
    assert browser.evaluate("document.getElementById('title').textContent") == HOSTILE
    assert browser.evaluate("document.images.length") == 0
    browser.evaluate("city.controls.changes[0]['couriers.rival_a.commission'] = 7; city.controls.run(0)")
    browser.wait("document.getElementById('status').classList.contains('wrong')")
    said = browser.evaluate("document.getElementById('status').textContent")
    assert "couriers.rival_a.commission" in said
    assert [line for line in browser.console if "executed" in line] == []


def test_all_of_it_is_reached_by_keys(browser: Chromium, live: LiveServer) -> None:
    browser.open(live.url)
    before = browser.evaluate("city.t")
    browser.press("ArrowRight")
    assert browser.evaluate("city.t") == before + 60
    unnamed = browser.evaluate(
        "[...document.querySelectorAll('button, input, select, canvas')].filter((e) => e.tabIndex < 0 ||"
        " !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length)).map((e) => e.outerHTML)"
    )
    assert unnamed == []
