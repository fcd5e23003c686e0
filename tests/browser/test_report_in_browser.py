"""The report in a real browser: no console messages, nothing fetched, no sideways scrolling on a telephone."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from galleria.experiments.report import build_report
from tests.synthetic_results import supply_by_opt_in, write_results

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")

# Measured inside a frame as wide as a telephone, because a window cannot be made that narrow.
MEASURE = """<!doctype html><html><body style="margin:0">
<iframe id="f" src="report/index.html" style="border:0;width:390px;height:3000px"></iframe>
<pre id="out"></pre>
<script>
document.getElementById("f").addEventListener("load", () => {
  const page = document.getElementById("f").contentDocument;
  const images = [...page.images];
  document.getElementById("out").textContent = JSON.stringify({
    wide: page.documentElement.scrollWidth,
    images: images.length,
    broken: images.filter((image) => !image.naturalWidth).length,
    widest: Math.max(...images.map((image) => image.getBoundingClientRect().right)),
  });
});
</script></body></html>"""


def dump(page: Path, profile: Path) -> subprocess.CompletedProcess[str]:
    """Load a page in headless Chromium; stdout is the document, stderr the log with the console in it."""
    options = (
        "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
        "--disable-sync --no-first-run --allow-file-access-from-files --enable-logging=stderr --v=0 "
        "--virtual-time-budget=8000 --dump-dom"
    )
    return subprocess.run(
        [str(BROWSER), *options.split(), f"--user-data-dir={profile}", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    return build_report(write_results(folder, supply_by_opt_in(pools=(240,), shares=(0.2, 0.8))))


def test_the_page_opens_without_a_message_on_the_console(page: Path, tmp_path: Path) -> None:
    loaded = dump(page, tmp_path)
    assert "What was found" in loaded.stdout
    assert re.findall(r"^.*CONSOLE.*$", loaded.stderr, re.MULTILINE) == []


def test_a_message_on_the_console_would_be_seen(tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><link rel=icon href=data:,><script>console.error('oh')</script>")
    assert "CONSOLE" in dump(broken, tmp_path / "profile").stderr


def test_it_fits_a_telephone_and_every_picture_is_drawn(page: Path, tmp_path: Path) -> None:
    frame = page.parent.parent / "frame.html"
    frame.write_text(MEASURE)
    found = re.search(r'"wide":(\d+),"images":(\d+),"broken":(\d+),"widest":([\d.]+)', dump(frame, tmp_path).stdout)
    assert found is not None
    wide, images, broken, widest = (float(number) for number in found.groups())
    assert wide <= 390
    assert widest <= 390
    assert images >= 7
    assert broken == 0
