"""The report of every kind of design: what it says, what it must not say, and what it leaves beside the page."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from galleria.experiments.report import build_report, findings
from galleria.experiments.report.comparing import claims, comparisons
from galleria.experiments.report.contents import sections_of
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import comparison_table
from galleria.experiments.results import load
from galleria.experiments.statistics import bootstrap_interval
from tests.city_worlds import city_settings
from tests.synthetic_results import CHANNELS, POOL, SHARE, Design, factorial, supply_by_opt_in, write_results

LABELS = {POOL: "Driver pool", SHARE: "Mall opt-in", "policy": "Policy", "a.b": "A of b"}
UNITS = {POOL: "drivers", SHARE: "share"}
SMALL = supply_by_opt_in(pools=(60, 240, 400), shares=(0.2, 0.8))
HOME: dict[str, float | str] = {POOL: 240.0, SHARE: 0.2, "policy": "none"}


def design(points: Sequence[Mapping[str, float | str]], **changes: object) -> Design:
    keys = list(points[0])
    known = {"labels": {k: LABELS[k] for k in keys}, "units": {k: UNITS[k] for k in keys if k in UNITS}}
    return Design(points=points, **{**known, "tables": ("hours", "zones"), **changes})  # type: ignore[arg-type]


def scattered() -> list[dict[str, float | str]]:
    rng = np.random.default_rng(3)
    return [{POOL: float(p), SHARE: float(s)} for p, s in rng.uniform([60, 0.05], [400, 0.8], (24, 2))]


DESIGNS = {
    "two factors": SMALL,
    "one factor": design([{SHARE: share} for share in (0.05, 0.2, 0.8)], baseline=1),
    "single point": design([{}]),
    "single run": design([{}], replications=1),
    "one replication": design(factorial({POOL: [60, 400], SHARE: [0.2, 0.8]}), replications=1),
    "categories": design(factorial({"policy": ["none", "cap", "tax"], POOL: [120, 400]})),
    "one at a time": design([HOME, {**HOME, POOL: 400.0}, {**HOME, SHARE: 0.8}, {**HOME, "policy": "cap"}]),
    "three factors": design(factorial({POOL: [60, 400], SHARE: [0.2, 0.8], "a.b": [0, 1]})),
    "scattered": design(scattered(), baseline=None),
    "no baseline": design([{SHARE: share} for share in (0.05, 0.2, 0.8)], baseline=None),
    "some failed": design(
        [{POOL: pool} for pool in (60.0, 240.0, 400.0)], failed=frozenset({(0, 0), (2, 0), (2, 1), (2, 2), (2, 3)})
    ),
    "all failed": design([{POOL: 60.0}, {POOL: 240.0}], replications=1, failed=frozenset({(0, 0), (1, 0)})),
}


class Page(HTMLParser):
    """What a browser would fetch, and what stands where."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.links.append(str(found["href"]))
        elif "src" in found or "href" in found:
            self.fetched.append(str(found.get("src") or found.get("href")))
        if tag == "img":
            self.images.append(found)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_results(tmp_path_factory.mktemp("small"), SMALL)
    build_report(folder)
    return folder


DRAWN = ("single run", "categories", "scattered", "some failed", "all failed")


@pytest.mark.parametrize("name", DESIGNS)
def test_every_design_gets_its_charts(name: str, tmp_path: Path) -> None:
    study = Study.of(load(write_results(tmp_path, DESIGNS[name])))
    charts = [chart for section in sections_of(study, comparisons(study)) for chart in section.charts]
    assert len({chart.name for chart in charts}) == len(charts)
    assert charts or name == "all failed"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the page of a design, built once."""
    return cache(lambda name: build_report(write_results(tmp_path_factory.mktemp("report"), DESIGNS[name])))


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_needs_no_other_file(name: str, built: Callable[[str], Path]) -> None:
    path = built(name)
    assert path.parts[-2:] == ("report", "index.html")
    page = Page(path.read_text(encoding="utf-8"))
    assert all(address.startswith("data:") for address in page.fetched)
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else (path.parent / link).exists(), link
    assert all(len(str(image["alt"])) > 20 for image in page.images)
    assert "nan" not in re.sub(r"base64,[^\"]+", "", path.read_text(encoding="utf-8")).lower().split()


def test_every_picture_is_saved_as_png_with_its_data(small: Path) -> None:
    figures = small / "report" / "figures"
    names = {path.stem for path in figures.glob("*.png")}
    assert len(names) >= 14
    assert {path.stem for path in figures.glob("*.csv")} == names
    assert {path.suffix for path in figures.iterdir()} == {".png", ".csv"}
    assert {"delivery-times", "day"} <= names


def test_other_formats_of_a_picture_are_had_by_asking(tmp_path: Path) -> None:
    page = build_report(write_results(tmp_path, design([{}], replications=1, tables=())), ("svg", "pdf"))
    endings = {path.suffix for path in (page.parent / "figures").iterdir()}
    assert endings <= {".svg", ".pdf", ".csv"}


def test_the_same_results_give_the_same_bytes(built: Callable[[str], Path]) -> None:
    report = built("single run").parent
    before = {path: path.read_bytes() for path in report.rglob("*.*")}
    build_report(report.parent)
    assert {path: path.read_bytes() for path in report.rglob("*.*")} == before


def test_findings_name_levels_held_factors_direction_interval_and_size(small: Path) -> None:
    said = findings(load(small))
    assert any(
        re.fullmatch(
            r"Mall opt-in raised from 20.% to 80.% \(driver pool: 240 drivers\): orders of rival couriers fall by "
            r"[\d.]+ \[[\d.]+, [\d.]+\] a day \(\N{MINUS SIGN}[\d.]+.%\)\.",
            sentence,
        )
        for sentence in said
    ), said


def test_numbers_of_a_finding_are_those_of_the_data(small: Path) -> None:
    study = Study.of(load(small))
    compared = next(c for c in comparisons(study) if c.factor.key == POOL)
    difference = study.cube.at(compared.after, "orders_rivals") - study.cube.at(compared.before, "orders_rivals")
    text = next(c.text for c in claims(study, [compared])[0] if c.metric == "orders_rivals")
    mean, low, high = map(float, re.findall(r"[\d.]+", text)[:3])
    half = 3.182446305284263 * difference.std(ddof=1) / 2  # t quantile .975 with 3 degrees of freedom
    assert mean == pytest.approx(difference.mean(), abs=0.06)
    assert (low, high) == pytest.approx((difference.mean() - half, difference.mean() + half), abs=0.06)


def test_tables_set_the_bootstrap_interval_beside_the_t_interval(tmp_path: Path) -> None:
    skewed = Design(**{**vars(design([{POOL: 60.0}, {POOL: 400.0}], replications=6)), "tables": ()})
    study = Study.of(load(write_results(tmp_path, skewed)))
    difference = study.cube.at(1, "orders_rivals") - study.cube.at(0, "orders_rivals")
    ends = bootstrap_interval(difference, seed=skewed.seed)
    table = comparison_table(study, 0, 1)
    cells = dict(zip(table.head, dict(table.rows)["orders_rivals"], strict=True))
    low, high = (float(end.replace(",", "")) for end in cells["95 % bootstrap"].split(" to "))
    assert (low, high) == pytest.approx(ends, abs=0.06)
    assert cells["95 % bootstrap"] != cells["95 % t interval"]
    page = build_report(tmp_path).read_text(encoding="utf-8")
    assert f">{cells['95 % bootstrap']}</td>" in page


def test_four_replications_have_no_bootstrap_interval(small: Path) -> None:
    table = comparison_table(Study.of(load(small)), 0, 1)
    assert {cells[-1] for _, cells in table.rows} == {"\N{EN DASH}"}


def test_only_what_shoppers_choose_is_a_channel(small: Path) -> None:
    study = Study.of(load(small))
    assert "share_below_minimum_wage" in study.cube
    assert study.channels == list(CHANNELS)


def test_an_interval_over_zero_is_no_difference(tmp_path: Path) -> None:
    points = [{"a.b": 0.0}, {"a.b": 1.0}]
    study = Study.of(load(write_results(tmp_path, design(points))))
    said = {claim.metric: claim for claim in claims(study, comparisons(study))[0]}
    delivery = said["delivery_min_mean"]
    assert delivery.text.startswith("no difference can be seen in mean delivery time")
    assert not delivery.clear


def test_one_replication_claims_no_interval(tmp_path: Path) -> None:
    folder = write_results(tmp_path, DESIGNS["one replication"])
    for sentence in findings(load(folder)):
        assert "in the one replication" in sentence
        assert "[" not in sentence


def test_comparisons_follow_the_experiment(tmp_path: Path) -> None:
    headline = {"factor": SHARE, "low": 0.8, "high": 0.2, "at": {POOL: 400}, "metrics": ["welfare_usd"]}
    named = supply_by_opt_in(pools=(60, 400), shares=(0.2, 0.8))
    named = Design(**{**vars(named), "headline": (headline,), "tables": ()})
    warning, *said = findings(load(write_results(tmp_path, named)))
    assert warning.startswith("Warning: Mall direct keeps")
    assert len(said) == 1
    assert said[0].startswith("Mall opt-in lowered from 80")
    assert "(driver pool: 400 drivers): welfare" in said[0]


def test_a_headline_that_was_not_run_is_passed_over(tmp_path: Path) -> None:
    headline = {"factor": SHARE, "low": 0.21, "high": 0.8, "at": {}}
    named = Design(**{**vars(SMALL), "headline": (headline,), "tables": ()})
    study = Study.of(load(write_results(tmp_path, named)))
    assert {c.factor.key for c in comparisons(study)} == {POOL, SHARE}, "falls back on the extremes"


def test_failed_runs_are_listed_with_their_errors(built: Callable[[str], Path]) -> None:
    text = built("some failed").read_text(encoding="utf-8")
    assert "5 failed" in text
    assert text.count("no path from mall to home 812") == 5


def test_without_orders_the_page_says_what_would_give_them(built: Callable[[str], Path]) -> None:
    text = built("single run").read_text(encoding="utf-8")
    assert "run.tables=orders" in text


def test_a_city_that_cannot_be_had_is_said_and_the_rest_goes_on(small: Path) -> None:
    text = (small / "report" / "index.html").read_text(encoding="utf-8")
    assert "The map is left out" in text


def test_the_map_is_drawn_of_the_city_in_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLERIA_CACHE", str(tmp_path / "cache"))
    folder = write_results(tmp_path / "results", DESIGNS["single point"])
    city = city_settings("toy").model_dump(mode="json")
    (folder / "config.yaml").write_text(json.dumps({"city": city, "run": {"days": 1}}))
    study = Study.of(load(folder))
    charts = {chart.name: chart for section in sections_of(study, []) for chart in section.charts}
    assert "The city toy" in charts["city-map"].caption
    # From the zones' medians, since orders were not kept: zone 0 of the made-up table, weighted by orders.
    zones = study.results.table("zones").query("channel == 'mall_direct' and zone == 0")
    mean = np.average(zones["delivery_min_p50"], weights=zones["delivered"])
    assert charts["city-map"].frame.set_index("zone").loc[0, "minutes"] == pytest.approx(mean)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("two factors", "factorial"),
        ("single point", "single"),
        ("one at a time", "slices"),
        ("scattered", "scattered"),
        ("three factors", "factorial"),
    ],
)
def test_the_shape_of_a_design_is_recognised(name: str, shape: str, tmp_path: Path) -> None:
    assert Study.of(load(write_results(tmp_path, DESIGNS[name]))).shape == shape


def test_scattered_points_are_summed_up_by_rank_correlations(tmp_path: Path) -> None:
    said = findings(load(write_results(tmp_path, DESIGNS["scattered"])))
    assert any("rise most clearly with driver pool (rank correlation 0.9" in sentence for sentence in said), said
