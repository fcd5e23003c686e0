"""The site: generated pages are up to date, and where Sphinx is installed it builds without a warning."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from galleria.experiments.design.compose import CONF
from galleria.experiments.report.configuration_page import page, rows

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"


def script(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_reference_of_the_configuration_is_up_to_date() -> None:
    assert (DOCS / "configuration.md").read_text(encoding="utf-8") == page()


def test_a_row_tells_what_stands_beside_a_key() -> None:
    told = {row.key: row for row in rows(CONF, "drivers")}
    row = told["`drivers.reservation.median_usd_per_h`"]
    assert (row.default, row.unit, row.span) == ("`18.0`", "$/h", "12 to 25")
    assert row.said.endswith("between state minimum wages and advertised gig pay")
    assert row.reader == "`agents.drivers.settings.ReservationSettings`"
    assert told["`drivers.belief_rate`"].unit == "-"


def test_nearly_every_key_has_a_reader() -> None:
    """A key that no class reads is a mistake of the page, or of conf/."""
    unread = [
        row.key
        for group in ("customers", "retailers", "drivers", "dispatch", "traffic", "run", "policy")
        for row in rows(CONF, group)
        if not row.reader
    ]
    assert unread == []


def test_diagrams_are_what_their_script_draws() -> None:
    flows = script(DOCS / "pictures" / "flows.py")
    for name, (boxes, arrows) in flows.DIAGRAMS.items():
        assert (DOCS / "pictures" / f"{name}.svg").read_text(encoding="utf-8") == flows.svg(boxes, arrows)


def test_every_page_stands_once_in_the_contents_of_the_site() -> None:
    conf = script(DOCS / "conf.py")
    found = [path for pattern in conf.include_patterns for path in ROOT.glob(pattern.replace("**", "**/*"))]
    paths = {path for path in found if path.suffix in {".md", ".ipynb"}}
    named = [name for names in conf.PARTS.values() for name in names]
    pages = sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in paths)
    assert sorted([conf.root_doc, *named]) == pages


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Every page is in its contents, every link between pages leads somewhere; notebooks run in their own test."""
    if not all(importlib.util.find_spec(name) for name in ("sphinx", "myst_nb", "pydata_sphinx_theme", "latex2mathml")):
        pytest.skip("needs the extra docs (make docs installs it)")
    call = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going", "-D", "nb_execution_mode=off"]
    done = subprocess.run(
        [*call, "-c", str(DOCS), str(ROOT), str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    door = (tmp_path / "index.html").read_text(encoding="utf-8")
    for path in DOCS.glob("*.md"):
        assert f'href="docs/{path.stem}.html"' in door, path.stem
