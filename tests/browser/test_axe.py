"""What axe-core says of the report, the what-if page and a replay: nothing, in light and in dark.

axe-core is no package of Python's: `npm pack axe-core`, unpack it, and name its file in GALLERIA_AXE.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from galleria.experiments.report import build_report
from galleria.experiments.view.recording import Recording
from galleria.experiments.view.replay import page_of_runs
from tests.browser.chromium import BROWSER, NO_BROWSER, Chromium
from tests.market_worlds import BUSY_TOY, run_of
from tests.synthetic_results import Design, supply_by_opt_in, write_results

AXE = os.environ.get("GALLERIA_AXE")
FOUND = (
    "axe.run().then((r) => r.violations.map((v) => "
    "`${v.impact} ${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(' | ')}`))"
)
pytestmark = [
    pytest.mark.skipif(BROWSER is None, reason=NO_BROWSER),
    pytest.mark.skipif(AXE is None, reason="GALLERIA_AXE names no axe.min.js"),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    grid = supply_by_opt_in(pools=(60, 240, 400), shares=(0.2, 0.4, 0.8))
    report = build_report(write_results(folder, Design(**{**vars(grid), "tables": ()})))
    replay = folder / "replay.html"
    recording = Recording.of_market("a day", *run_of("run.record=true", *BUSY_TOY))
    replay.write_text(page_of_runs("a day", [recording]), encoding="utf-8")
    return {"report": report, "what-if": report.with_name("what_if.html"), "replay": replay}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "what-if", "replay"])
def test_axe_finds_nothing(browser: Chromium, pages: dict[str, Path], name: str, scheme: str) -> None:
    browser.prefer(scheme)
    browser.open(pages[name].as_uri())
    browser.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    browser.evaluate(f"{Path(str(AXE)).read_text(encoding='utf-8')};1")
    assert browser.evaluate(FOUND) == []
