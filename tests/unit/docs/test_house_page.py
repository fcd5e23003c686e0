"""The page on rooms: every room is on it, every link leads somewhere, and what it adds works as it stands."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from galleria.agents.dispatch.rules import RULES
from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.figure_names import FIGURES
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.new import rendered
from galleria.experiments.report.asked import charts_of
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from galleria.models.city.readers.registry import READERS
from galleria.models.market import Market
from galleria.models.measures.registry import MEASURES
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import validate
from tests.city_worlds import file_settings
from tests.market_worlds import BUSY_TOY, city_of, run_of
from tests.synthetic_results import POOL, supply_by_opt_in, write_results

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]
REGISTRIES: tuple[Any, ...] = (RULES, MEASURES, FIGURES, READERS)


def files_of(kind: str) -> dict[str, str]:
    """Return the files that the page's part on a kind of thing writes, by path."""
    part = re.search(rf"### {kind}\n(.*?)(?=\n### |\Z)", PAGE, flags=re.DOTALL)
    assert part is not None, kind
    blocks = re.findall(r"```(?:python|yaml)\n# (\S+)\n(.*?)```", part[1], flags=re.DOTALL)
    assert 1 <= len(blocks) <= 3, f"{kind} takes {len(blocks)} files"
    return dict(blocks)


@pytest.fixture
def added() -> Iterator[Any]:
    """Run a part's module; afterwards the registries are as they were."""
    before = [dict(each._entries) for each in REGISTRIES]

    def add(kind: str) -> None:
        for path, code in files_of(kind).items():
            exec(compile(code, path, "exec"), {"__name__": path})  # noqa: S102 (our own page)

    yield add
    for each, entries in zip(REGISTRIES, before, strict=True):
        each._entries = entries


@pytest.mark.parametrize("package", ["agents", "models", "experiments"])
def test_every_room_is_on_the_page(package: str) -> None:
    rooms = [path.parent.name for path in (ROOT / package).glob("*/__init__.py")]
    missing = [room for room in rooms if f"`{package}/{room}`" not in PAGE]
    assert not missing
    gone = [room for room in re.findall(rf"`({package}/[a-z_]+)`", PAGE) if not (ROOT / room).is_dir()]
    assert not gone


@pytest.mark.parametrize(
    ("part", "kind", "name"),
    [
        ("A courier", "courier", "bicycle"),
        ("A dispatch rule", "dispatch", "oldest_alone"),
        ("A measure", "measure", "orders_at_night"),
        ("A figure", "figure", "dots"),
    ],
)
def test_the_page_shows_what_the_command_writes(part: str, kind: str, name: str) -> None:
    written = rendered(kind, name, Path("my_folder"))
    for path, text in files_of(part).items():
        assert written[path.removeprefix("my_lab/")] == text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken


def test_a_courier_of_ones_own_delivers(tmp_path: Path) -> None:
    for path, text in files_of("A courier").items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    with composer(Source(CONF, extra=tmp_path)) as opened:
        tree = resolved(opened.compose(("market=with_bicycle", "city=toy")))
    tree["city"]["households"], tree["drivers"]["pool"] = 3000, 60
    settings = validate({name: node for name, node in tree.items() if name in Settings.model_fields})
    market = Market(settings, city_of(settings.city), 0)
    orders = market.run().metrics.set_index("metric")["value"]
    assert settings.couriers["bicycle"].fee_usd == 2.49
    assert orders["share_bicycle"] > 0


def test_a_dispatch_rule_of_ones_own_pairs_orders_and_drivers(added: Any) -> None:
    added("A dispatch rule")
    _, outcome = run_of(*BUSY_TOY, "dispatch=lap", "dispatch.rule=oldest_alone")
    assert (outcome.tables["orders"]["status"] == "delivered").sum() > 50


def test_a_measure_of_ones_own_is_measured(added: Any) -> None:
    added("A measure")
    market, outcome = run_of(*BUSY_TOY, "dispatch.decline_pause_s=299")
    orders = outcome.tables["orders"]
    hour = orders["placed_s"] % 86_400 // 3600
    gig = orders["courier"].isin([name for name, each in market.settings.couriers.items() if each.fulfilment == "gig"])
    measured = outcome.metrics.set_index("metric").loc["orders_at_night"]
    assert measured["value"] == (gig & ((hour >= 20) | (hour < 6)) & (orders["status"] == "delivered")).sum() > 0
    assert measured["unit"] == "1/day"


def test_a_figure_of_ones_own_is_drawn(added: Any, tmp_path: Path) -> None:
    added("A figure")
    study = Study.of(load(write_results(tmp_path, supply_by_opt_in())))
    [chart] = charts_of(study, {"figure": "dots", "x": POOL, "metrics": ["welfare_usd"]})
    assert len(chart.frame) == len(study.settings) * len(study.cube.replications)
    axes = chart.draw()
    assert axes.get_xlabel() == POOL
    plt.close(axes.get_figure())  # type: ignore[arg-type]


def test_a_city_of_a_format_of_ones_own_is_built(added: Any, tmp_path: Path) -> None:
    added("A city format")
    (tmp_path / "round.ring").write_text("12", encoding="utf-8")
    city = city_of(file_settings(tmp_path / "round.ring"))
    assert city.graph.number_of_nodes() == 12
