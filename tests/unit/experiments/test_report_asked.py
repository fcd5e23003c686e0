"""Figures that experiments ask for by name: what they show, and what is said where there is nothing to show."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure
from galleria.experiments.design.questions import FigureSettings
from galleria.experiments.figures.theme import PLAYERS, changes
from galleria.experiments.report.asked import (
    agreement,
    arrows,
    asked_section,
    charts_of,
    incidence,
    levels,
    lorenz,
    plane,
    small_multiples,
    violins,
    waterfall,
)
from galleria.experiments.report.asked.incidence import PARTS
from galleria.experiments.report.study import Study
from galleria.experiments.results import load
from galleria.experiments.statistics import paired_difference
from tests.synthetic_results import COURIERS, POOL, SHARE, Design, supply_by_opt_in, write_results

METRICS = ["welfare_usd", "delivery_min_mean"]


def asked(**keys: Any) -> dict[str, Any]:
    return {"metrics": [], "x": None, "columns": None, "lines": None, "at": {}, **keys}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = write_results(tmp_path_factory.mktemp("results"), supply_by_opt_in())
    return Study.of(load(folder))


def test_small_multiples_show_paired_differences_from_the_baseline_level(study: Study) -> None:
    [chart] = small_multiples.charts(study, asked(metrics=METRICS, x=POOL, lines=SHARE))
    home = study.settings.loc[study.centre, POOL]
    frame = chart.frame
    assert (frame.loc[frame["x"] == home, "mean"] == 0).all()
    assert set(frame["row"]) == set(METRICS)
    share: Any = study.settings.loc[study.centre, SHARE]
    after = study.find({POOL: study.factor(POOL).levels[0], SHARE: share})
    assert after is not None
    expected = float((study.cube.at(after, METRICS[0]) - study.cube.at(study.centre, METRICS[0])).mean())
    line = frame[(frame["row"] == METRICS[0]) & (frame["line"] == study.factor(SHARE).words(float(share)))]
    assert line.sort_values("x")["mean"].iloc[0] == pytest.approx(expected)
    assert chart.draw().get_figure() is not None
    [columns] = small_multiples.charts(study, asked(metrics=METRICS, x=POOL, columns=SHARE))
    assert set(columns.frame["line"]) == {"all"}
    assert columns.draw().get_figure() is not None


def test_levels_are_means(study: Study) -> None:
    [chart] = levels.charts(study, asked(metrics=METRICS, x=POOL, at={SHARE: study.factor(SHARE).levels[0]}))
    first = study.find({POOL: study.factor(POOL).levels[0], SHARE: study.factor(SHARE).levels[0]})
    assert first is not None
    assert chart.frame["mean"].iloc[0] == pytest.approx(float(study.cube.at(first, METRICS[0]).mean()))


def test_a_plane_has_a_dot_a_point_but_the_baselines(study: Study) -> None:
    [chart] = plane.charts(study, asked(metrics=METRICS, x=POOL, lines=SHARE))
    assert len(chart.frame) == len(study.settings) - len(study.factor(SHARE).levels)
    assert chart.draw().get_xlabel()


def test_gains_of_all_add_up_to_welfare_where_the_model_says_so(study: Study) -> None:
    [chart] = incidence.charts(study, asked(x=POOL))
    bars = chart.frame[chart.frame["player"] != "all together"]
    assert set(bars["player"]) == {label for label, _, _, _ in PARTS}
    assert bars["bar"].nunique() == len(study.factor(POOL).levels) - 1
    assert chart.draw().get_figure() is not None


MARKETS = ("base", "merger", "spin_off")


@pytest.fixture(scope="module")
def mergers(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return three markets with fees, times and contributions by courier; rival B has left the last one."""
    design = Design([{"market": name} for name in MARKETS], {"market": "Market"}, {}, tables=())
    folder = write_results(tmp_path_factory.mktemp("mergers"), design)
    metrics = pd.read_parquet(folder / "metrics.parquet")
    runs = metrics.drop_duplicates("run_key")[["run_key", "point", "replication"]]
    more = []
    for i, courier in enumerate(COURIERS):
        here = runs if courier != "rival_b" else runs[runs["point"] < 2]
        noise = np.random.default_rng(i).normal(0, 0.1, len(here))
        more += [
            here.assign(metric=f"delivery_min_mean_{courier}", unit="min", value=30 + i - here["point"] + noise),
            here.assign(metric=f"fee_{courier}_usd", unit="$", value=5 + i + 0.5 * here["point"] + noise),
        ]

    def total_of(*names: str) -> pd.Series:
        named = metrics[metrics["metric"].isin(names)]
        return runs["run_key"].map(named.groupby("run_key")["value"].sum())

    stores = total_of("retailer_profit_joined_usd", "retailer_profit_not_joined_usd")
    more.append(runs.assign(metric="retailer_profit_usd", unit="$/day", value=stores))
    whole = total_of("platform_profit_usd", "rival_profit_usd")
    rival_b = (1000.0 + 100 * runs["replication"]).where(runs["point"] < 2, 0.0)
    for name, value in (("mall_direct", 0.25 * whole), ("rival_a", 0.75 * whole - rival_b), ("rival_b", rival_b)):
        part = runs.assign(metric=f"contribution_{name}_usd", unit="$/day", value=value)
        more.append(part if name != "rival_b" else part[part["point"] < 2])
    pd.concat([metrics, *more]).to_parquet(folder / "metrics.parquet")
    return Study.of(load(folder))


def test_arrows_lead_from_the_baseline_market_to_the_others(mergers: Study) -> None:
    [chart] = arrows.charts(mergers, asked(x="market"))
    drawn = {(row["player"], row["change"]): row for row in chart.frame.to_dict("records")}
    assert set(drawn) == {(c, m) for c in COURIERS for m in ("merger", "spin off")} - {("rival_b", "spin off")}
    arrow = drawn["rival_a", "merger"]
    for axis, metric in (("x", "delivery_min_mean_rival_a"), ("y", "fee_rival_a_usd")):
        before, after = (mergers.cube.at(point, metric) for point in (0, 1))
        change = paired_difference(after, before)
        assert arrow[f"{axis}_before"] == pytest.approx(before.mean())
        assert arrow[axis] == pytest.approx(after.mean())
        assert arrow[f"{axis}_high"] - arrow[f"{axis}_low"] == pytest.approx(float(change.high - change.low))
    assert arrow["x"] < arrow["x_before"]
    assert arrow["y"] > arrow["y_before"]
    figure = chart.draw().get_figure(root=True)
    assert figure is not None
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Mall direct", "Rival A", "Rival B"]
    assert not set(changes(6)) & {PLAYERS[courier] for courier in COURIERS}, "a change is not taken for a player"


def test_a_waterfall_adds_up_to_welfare_courier_by_courier(mergers: Study) -> None:
    [chart] = waterfall.charts(mergers, asked(x="market"))
    total = {row["panel"]: row for row in chart.frame.to_dict("records") if row["player"] == "all together"}
    bars = chart.frame[chart.frame["player"] != "all together"]
    assert waterfall._REST not in set(bars["player"]), "all of welfare is accounted for"
    for point, panel in ((1, "merger"), (2, "spin off")):
        whole = paired_difference(mergers.cube.at(point, "welfare_usd"), mergers.cube.at(0, "welfare_usd"))
        assert bars.loc[bars["panel"] == panel, "mean"].sum() == pytest.approx(float(whole.mean))
        for end in ("mean", "low", "high"):
            assert total[panel][end] == pytest.approx(float(getattr(whole, end)))
    gains = {(row["panel"], row["player"]): row["mean"] for row in bars.to_dict("records")}
    assert gains["spin off", "Rival B"] == pytest.approx(-1150), "who has left earns nothing"
    assert gains["merger", "Rival B"] == 0
    assert not {"Platform", "Rival couriers"} & set(bars["player"])
    names = [label.get_text() for label in chart.draw().get_yticklabels()]
    assert names[0] == "Customers"
    assert names[-1] == "All together"


def test_a_waterfall_shows_what_no_stakeholder_accounts_for(mergers: Study) -> None:
    left = mergers.results.metrics["metric"] != "driver_surplus_usd"
    cube = mergers.cube.of_frames(mergers.results.metrics[left], mergers.results.plan)
    [chart] = waterfall.charts(replace(mergers, cube=cube), asked(x="market"))
    missing = paired_difference(mergers.cube.at(1, "driver_surplus_usd"), mergers.cube.at(0, "driver_surplus_usd"))
    shown = {(row["panel"], row["player"]): row["mean"] for row in chart.frame.to_dict("records")}
    assert shown["merger", waterfall._REST] == pytest.approx(float(missing.mean))


def test_lorenz_curves_lie_below_the_diagonal() -> None:
    curve = lorenz._curve(np.array([1.0, 3.0, 0.0, 4.0]))
    assert curve["earnings"][[0, -1]].tolist() == [0.0, 1.0]
    np.testing.assert_allclose(curve["earnings"][[25, 50, 75]], [0.0, 1 / 8, 4 / 8])
    assert (curve["earnings"] <= curve["drivers"] + 1e-12).all()


def test_lorenz_curves_need_the_table_of_drivers(study: Study, tmp_path: Path) -> None:
    with pytest.raises(CannotBeDrawnError, match=r"run\.tables=all"):
        lorenz.charts(study, asked(lines=POOL))
    folder = write_results(tmp_path, supply_by_opt_in())
    keys = load(folder).plan["run_key"]
    table = pd.DataFrame(
        {"run_key": np.repeat(keys, 3), "online_s": 3600.0, "net_usd": np.tile([1.0, 2.0, 3.0], len(keys))}
    )
    (folder / "tables" / "drivers").mkdir()
    table.to_parquet(folder / "tables" / "drivers" / "00000.parquet")
    [chart] = lorenz.charts(Study.of(load(folder)), asked(lines=POOL))
    assert chart.frame["earnings"].max() == 1.0
    assert chart.draw().get_figure() is not None
    [chart] = violins.charts(Study.of(load(folder)), asked(x=POOL))
    assert (chart.frame["50 %"] == 2.0).all()
    assert len(chart.draw().get_yticklabels()) == len(chart.frame)
    table.assign(online_s=60.0).to_parquet(folder / "tables" / "drivers" / "00000.parquet")
    with pytest.raises(CannotBeDrawnError, match="no level has 10 drivers"):
        violins.charts(Study.of(load(folder)), asked(x=POOL))


@pytest.mark.parametrize(
    "module", [small_multiples, levels, plane, incidence, lorenz, agreement, arrows, waterfall, violins]
)
def test_figures_of_factors_that_were_not_varied_cannot_be_drawn(study: Study, module: Any) -> None:
    with pytest.raises(CannotBeDrawnError, match="factor"):
        module.charts(study, asked(metrics=METRICS, x="courier.tip", lines="courier.tip"))


def test_the_report_says_why_a_figure_is_missing(study: Study) -> None:
    entries = [{"figure": "plane", **asked(metrics=METRICS)}, {"figure": "levels", **asked(metrics=METRICS, x=POOL)}]
    section = asked_section(replace(study, results=cast("Any", SimpleNamespace(provenance={"figures": entries}))))
    assert section is not None
    assert len(section.charts) == 1
    assert section.paragraphs == (
        f"The figure plane is not drawn: x = None is no factor of the design; there are {POOL}, {SHARE}.",
    )


def test_a_figure_of_another_package_is_drawn_by_its_name(study: Study) -> None:
    @figure("of_another_package")
    def charts(study: Study, entry: dict[str, Any]) -> list[Any]:
        return levels.charts(study, entry)

    assert FigureSettings(figure="of_another_package").figure == "of_another_package"
    [chart] = charts_of(study, {"figure": "of_another_package", **asked(metrics=METRICS, x=POOL)})
    assert len(chart.frame) == len(METRICS) * len(study.factor(POOL).levels)


def test_a_figure_is_known_by_its_file() -> None:
    assert FigureSettings(figure="plane").figure == "plane"
    with pytest.raises(ValidationError, match=r"there are .*incidence.*lorenz"):
        FigureSettings(figure="pie_chart")


def test_the_balance_of_an_order_is_that_of_its_parts() -> None:
    base = {
        "vkt_km": 1000.0,
        "vkt_gig_loaded_km": 100.0,
        "loaded_km_per_order": 5.0,
        "least_deadhead_km_per_order": 3.0,
        "van_km_per_further_stop": 0.3,
        "vkt_own_trip_km": 600.0,
        "mall_visits": 20.0,
        "occasions": 100.0,
        "share_store_big_box": 0.1,
        "orders_mall_direct": 0.0,
        "warehouse_orders_displaced": 0.0,
        "diversion_to_store_mall": np.nan,
        "diversion_to_store_big_box": np.nan,
    }
    there = {
        **base,
        "vkt_km": 1090.0,
        "vkt_gig_loaded_km": 180.0,
        "loaded_km_per_order": 6.0,
        "least_deadhead_km_per_order": 4.0,
        "orders_mall_direct": 10.0,
        "warehouse_orders_displaced": 4.0,
        "diversion_to_store_mall": 0.2,
        "diversion_to_store_big_box": 0.1,
    }
    cube = SimpleNamespace(at=lambda point, metric: np.array([(base, there)[point][metric]]))
    simulated, predicted = agreement._per_order(cast("Study", SimpleNamespace(cube=cube)), 1, 0, 1.5)
    assert simulated[0] == pytest.approx(9.0)
    # Loaded 80 km more, empty 30 x 4 instead of 20 x 3; 4 parcels of 1.5 a stop at 0.3 km; 3 trips of 20 km not made.
    assert predicted[0] == pytest.approx((80 + 60 - 4 / 1.5 * 0.3 - 3 * 20) / 10)
