"""The report and its what-if page in a browser: nothing on the console, tables sort, sliders answer, phones fit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.report import build_report
from tests.browser.chromium import BROWSER, NO_BROWSER, Chromium
from tests.synthetic_results import Design, supply_by_opt_in, write_results

pytestmark = pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER)
HOSTILE = "<img src=x onerror=console.error('executed')>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    grid = supply_by_opt_in(pools=(60, 240, 400), shares=(0.2, 0.4, 0.8))
    labels = {**grid.labels, "drivers.pool": f"Driver pool {HOSTILE}"}
    design = Design(**{**vars(grid), "labels": labels, "tables": ("hours",)})
    return build_report(write_results(tmp_path_factory.mktemp("browser"), design))


def test_a_message_on_the_console_would_be_seen(browser: Chromium, tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><link rel=icon href=data:,><script>console.error('oh')</script>")
    browser.console.clear()
    browser.open(broken.as_uri())
    assert browser.console == ["oh"]


@pytest.mark.parametrize("name", ["index.html", "what_if.html"])
@pytest.mark.parametrize("width", [1440, 390])
def test_it_opens_without_a_message_and_fits(browser: Chromium, report: Path, name: str, width: int) -> None:
    browser.console.clear()
    browser.open(report.with_name(name).as_uri(), width, 900)
    assert "Driver pool <img" in browser.evaluate("document.body.textContent")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate("[...document.images].filter((image) => !image.naturalWidth).length") == 0
    assert browser.evaluate("Math.max(0, ...[...document.images].map((i) => i.getBoundingClientRect().right))") <= width
    assert browser.console == []


def test_tables_sort_by_their_headings_and_filter_by_words(browser: Chromium, report: Path) -> None:
    browser.open(report.as_uri())
    browser.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    table = "document.querySelector('#numbers table')"
    column = f"[...{table}.tBodies[0].rows].map((row) => row.cells[3].textContent)"
    head = f"{table}.tHead.rows[0].cells[3]"
    as_written = browser.evaluate(column)
    browser.evaluate(f"{head}.querySelector('button').click()")
    values = [float(t.replace("\N{MINUS SIGN}", "-").replace(",", "")) for t in browser.evaluate(column)]
    assert values == sorted(values)
    assert len(set(values)) > 20
    assert browser.evaluate(f"{head}.getAttribute('aria-sort')") == "ascending"
    browser.evaluate(f"{head}.querySelector('button').click()")
    assert browser.evaluate(column) != as_written
    assert browser.evaluate(f"{head}.getAttribute('aria-sort')") == "descending"
    box = "document.querySelector('#numbers .filter input')"
    browser.evaluate(f"{box}.value = 'surplus consumer'; {box}.dispatchEvent(new Event('input'))")
    shown = browser.evaluate(f"[...{table}.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.innerText)")
    assert 0 < len(shown) < len(values)
    assert all("surplus" in line.lower() for line in shown)


def test_sliders_answer_and_turn_grey_where_nothing_was_tried(browser: Chromium, report: Path) -> None:
    browser.open(report.with_name("what_if.html").as_uri())
    row = "[...document.querySelectorAll('#rows tr')].find((r) => r.cells[0].title === 'orders_rivals').innerText"
    before = browser.evaluate(row)
    move = "((box, to) => { box.value = to; box.dispatchEvent(new Event('input')); })"
    browser.evaluate(f"{move}(document.getElementById('factor_0'), 60)")
    assert browser.evaluate(row) != before
    assert "\N{MINUS SIGN}" in browser.evaluate(row), "fewer drivers, fewer orders"
    assert not browser.evaluate("document.getElementById('whatif').classList.contains('outside')")
    browser.evaluate(f"{move}(document.getElementById('factor_0'), 430)")
    assert browser.evaluate("document.getElementById('whatif').classList.contains('outside')")
    assert "no run stands behind" in browser.evaluate("document.getElementById('support').textContent")
    browser.evaluate("document.getElementById('reset').click()")
    assert browser.evaluate(row) == before
    assert browser.evaluate("document.querySelectorAll('#curve line').length") > 50


def test_in_the_dark_words_and_pictures_are_light(browser: Chromium, report: Path) -> None:
    browser.prefer("dark")
    browser.open(report.as_uri())
    ink, paper = (browser.evaluate(f"getComputedStyle(document.body).{name}") for name in ("color", "backgroundColor"))
    assert int(ink[4:7]) > 200
    assert int(paper[4:6]) < 60
    assert "invert" in browser.evaluate("getComputedStyle(document.querySelector('figure img')).filter")
    browser.prefer("light")
