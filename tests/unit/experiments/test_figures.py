"""Figures: given axes are used, own axes are made, colours belong to players, labels keep apart."""

import itertools
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from galleria.experiments.figures import (
    DayByHour,
    DeliveryTimes,
    Gains,
    HeatMap,
    Predicted,
    Response,
    Scatter,
    Shares,
    plot_day,
    plot_delivery_times,
    plot_gains,
    plot_heat_map,
    plot_predicted,
    plot_response,
    plot_scatter,
    plot_shares,
)
from galleria.experiments.figures.city_map import ZoneTimes, plot_city_map
from galleria.experiments.figures.day import MOST_ROOM
from galleria.experiments.figures.end_labels import spread
from galleria.experiments.figures.flows import Flows, plot_flows
from galleria.experiments.figures.incidence import Incidence, plot_incidence
from galleria.experiments.figures.lorenz import Lorenz, plot_lorenz
from galleria.experiments.figures.pareto import Pareto, plot_pareto, unbeaten
from galleria.experiments.figures.plane import Plane, plot_plane
from galleria.experiments.figures.search import Course, Slice, plot_course, plot_slice
from galleria.experiments.figures.sensitivity import Sensitivity, plot_sensitivity
from galleria.experiments.figures.theme import PLAYERS, colours, darker, short_number
from galleria.models.city import build_city
from tests.city_worlds import city_settings

INTERVAL = {"mean": [1.0, 2.0], "low": [0.5, np.nan], "high": [1.5, np.nan]}
LINE = pd.DataFrame({"line": "a", "x": [1.0, 2.0], **INTERVAL})
TRIED = pd.DataFrame({"order": [1, 2], "round": 0, "kept": [True, False], "winner": False, "check": False, **INTERVAL})
CASES = {
    "plane": (
        plot_plane,
        Plane(
            pd.DataFrame({"group": ["a", "b"], "mark": ["1", "2"], "x": [1.0, 2.0], "y": [1.0, 2.0]}).assign(
                x_low=0.5, x_high=np.nan, y_low=0.5, y_high=2.5
            ),
            {"a": "#0072b2", "b": "#d55e00"},
            {"1": "o", "2": "s"},
            "HHI",
            "Welfare",
        ),
    ),
    "incidence": (
        plot_incidence,
        Incidence(
            pd.DataFrame({"bar": ["a", "a"], "player": ["p", "q"], "mean": [1.0, -2.0]}),
            pd.DataFrame({"bar": ["a"], "mean": [-1.0], "low": [-2.0], "high": [0.0]}),
            {"p": "#0072b2", "q": "#d55e00"},
            "Gains",
        ),
    ),
    "lorenz": (
        plot_lorenz,
        Lorenz(
            pd.DataFrame({"line": "a", "drivers": [0.0, 1.0], "earnings": [0.0, 1.0]}), {"a": "#0072b2"}, "E", "Lines"
        ),
    ),
    "course of a search": (plot_course, Course(TRIED, "Objective", limited=True)),
    "slice of a search": (
        plot_slice,
        Slice(LINE, LINE.assign(near=1.0, winner=[True, False]), "Objective", "Pool", percent_x=True, log_x=True),
    ),
    "response": (plot_response, Response(LINE, {"a": "#0072b2"}, "Orders (a day)", "Pool", line_label="Lines")),
    "response of categories": (
        plot_response,
        Response(LINE.assign(x=["none", "cap"]), {"a": "#0072b2"}, "Orders", "Policy", line_label="Lines"),
    ),
    "shares": (
        plot_shares,
        Shares(pd.DataFrame({"channel": ["a", "b"], **INTERVAL}), {"a": "#0072b2", "b": "#d55e00"}, "Shares"),
    ),
    "heat map": (
        plot_heat_map,
        HeatMap(pd.DataFrame({"x": ["1", "2"], "y": ["3", "3"], **INTERVAL}), "T", "X", "Y", baseline=("1", "3")),
    ),
    "gains": (
        plot_gains,
        Gains(
            pd.DataFrame({"player": ["a", "b"], "text": ["+1", "+2"], **INTERVAL}),
            {"a": "#0072b2", "b": "#d55e00"},
            "Pool: 1 to 2",
        ),
    ),
    "delivery times": (
        plot_delivery_times,
        DeliveryTimes(
            pd.DataFrame({"courier": "a", "minutes": [0.0, 9.0], "share": [0.0, 1.0]}), {"a": "#0072b2"}, "Share"
        ),
    ),
    "day": (plot_day, DayByHour(pd.DataFrame({"line": "a", "hour": [0, 1], **INTERVAL}), {"a": "#0072b2"}, "Orders")),
    "sensitivity": (
        plot_sensitivity,
        Sensitivity(
            pd.DataFrame(
                {"factor": ["a", "a"], "index": ["alone", "all"], "value": [0.1, 0.2], "low": 0.0, "high": 0.3}
            ),
            "Orders",
            "Share",
        ),
    ),
    "flows": (
        plot_flows,
        Flows(
            pd.DataFrame({"to": ["a", "b"], "share": [0.7, np.nan], "text": ["70 %", ""]}),
            {"a": "#0072b2", "b": "#d55e00"},
            "All",
            "Where it goes",
        ),
    ),
    "scatter": (
        plot_scatter,
        Scatter(LINE[["x", "mean"]], LINE[["x", "mean", "low", "high"]], "Orders", "Pool"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_plot_makes_its_own_axes_or_takes_those_given(name: str) -> None:
    plot, data = CASES[name]
    before = dict(mpl.rcParams)
    own = plot(data)  # type: ignore[operator]
    assert own.get_title(loc="left")
    given_axes = Figure().subplots()
    assert plot(data, given_axes) is given_axes  # type: ignore[operator]
    assert dict(mpl.rcParams) == before, "the theme stays inside"


def test_a_plot_opens_no_window_and_keeps_no_figure() -> None:
    import matplotlib.pyplot as plt  # noqa: PLC0415

    for plot, data in CASES.values():
        plot(data)  # type: ignore[operator]
    assert plt.get_fignums() == []


def test_the_map_shows_every_zone_and_kind_of_store(tmp_path: Path) -> None:
    city = build_city(city_settings("toy"), cache=tmp_path)
    times = pd.DataFrame({"zone": np.arange(city.zones.n), "minutes": np.arange(city.zones.n, dtype=float) + 20})
    axes = plot_city_map(ZoneTimes(city, times, "Median minutes"))
    assert len(axes.collections[0].get_paths()) == city.zones.n
    streets = sum(int(np.isnan(line.get_xdata()).sum()) for line in axes.lines)
    assert streets == len({frozenset(ends) for ends in zip(city.roads.edge_u, city.roads.edge_v, strict=True)})
    legend = axes.get_legend()
    assert legend is not None
    assert {text.get_text() for text in legend.get_texts()} == {
        label
        for label, sites in (("Mall", city.malls), ("Warehouse", city.warehouses), ("Big box", city.big_boxes))
        if sites
    }


def test_a_map_without_deliveries_has_no_colours_to_explain(tmp_path: Path) -> None:
    city = build_city(city_settings("toy"), cache=tmp_path)
    axes = plot_city_map(ZoneTimes(city, pd.DataFrame({"zone": [], "minutes": []}, dtype=float), "Median minutes"))
    assert axes.figure.axes == [axes]


def test_many_lines_are_named_below_the_axes() -> None:
    def day(names: str) -> Legend | None:
        frame = pd.DataFrame([(n, h, 1.0, 0.5, 9.0) for n in names for h in (0, 1)])
        frame.columns = pd.Index(["line", "hour", "mean", "low", "high"])
        axes = plot_day(DayByHour(frame, dict.fromkeys(names, "#0072b2"), "Orders"))
        assert axes.get_ylim()[1] == pytest.approx(MOST_ROOM), "wide bands leave the lines room"
        return axes.get_legend()

    few, many = day("abc"), day("abcdef")
    assert few is not None
    assert many is not None
    assert many.get_bbox_to_anchor().y0 < few.get_bbox_to_anchor().y0


def test_ticks_are_short() -> None:
    written = [short_number(value) for value in (0.0, 1.5, 2500.0, 120000.0, -3e6)]
    assert written == ["0", "1.5", "2,500", "120k", "\N{MINUS SIGN}3M"]


def test_a_player_has_one_colour_and_newcomers_get_one_of_their_own() -> None:
    alone, together = colours(["entrant", "rival_a"]), colours(["rival_a", "entrant", "mall_direct"])
    assert alone["rival_a"] == together["rival_a"] == PLAYERS["rival_a"]
    assert alone["entrant"] == together["entrant"]
    assert len(set(together.values())) == 3


def test_couriers_can_be_told_apart_in_grey() -> None:
    def lightness(name: str) -> float:
        red, green, blue = mpl.colors.to_rgb(PLAYERS[name])
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    values = [lightness(name) for name in ("mall_direct", "rival_b", "warehouse")]
    assert min(abs(a - b) for a, b in itertools.combinations(values, 2)) > 0.05


def test_darker_is_between_the_colour_and_ink() -> None:
    assert sum(darker("#ffffff")) < 3
    assert darker("#ffffff", 0.0) == (1.0, 1.0, 1.0)


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=12),
    st.floats(0.1, 20),
)
def test_labels_stand_apart_inside_the_axes_in_the_order_of_their_lines(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, -50, 50)
    room = min(gap, 100 / max(len(wanted) - 1, 1))
    heights = [placed[i] for i in np.argsort(wanted, kind="stable")]
    assert all(b - a >= room - 1e-9 for a, b in itertools.pairwise(heights))
    assert min(placed) >= -50 - 1e-9
    assert max(placed) <= 50 + 1e-9


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([1.0, 5.0, 9.0], 1.0, 0.0, 10.0) == [1.0, 5.0, 9.0]
    assert spread([5.0, 5.0], 2.0, 0.0, 10.0) == [4.0, 6.0]
    assert spread([], 1.0, 0.0, 1.0) == []


def test_simulated_and_predicted_share_one_scale() -> None:
    frame = pd.DataFrame(
        {
            "group": ["0 %", "1 %"],
            "predicted": [1.0, 1.5],
            "most": [2.0, 2.5],
            "mean": [1.5, 2.0],
            "low": [1.2, np.nan],
            "high": [1.8, np.nan],
        }
    )
    data = Predicted(frame, {"0 %": "#000000", "1 %": "#ff0000"}, "Empty way per order", "km", "Multi-homing")
    ax = plot_predicted(data)
    assert ax.get_xlim() == ax.get_ylim()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Predicted (km)", "Simulated (km)")
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["both agree", "0 %", "1 %"]


def test_what_nothing_beats_is_on_the_front() -> None:
    points = pd.DataFrame({"x": [1.0, 2.0, 3.0, 2.0], "y": [3.0, 2.0, 1.0, 2.5], "colour": [1.0, 1.0, 1.0, 1.0]})
    assert unbeaten(points).tolist() == [True, True, True, False]
    assert unbeaten(pd.concat([points, points])).tolist() == [True, True, True, False] * 2
    axes = plot_pareto(Pareto(points.assign(front=unbeaten(points)), "Km", "Minutes", "Pay"))
    assert (axes.get_title(loc="left"), axes.get_xlabel()) == ("Km", "Minutes")


POLICIES = ["none", "delivery fee co", "gig only tax", "congestion charge", "curb fee"]


@pytest.mark.parametrize("names", [POLICIES, ["1", "2"]])
def test_names_under_an_axis_do_not_run_into_each_other(names: list[str]) -> None:
    frame = pd.DataFrame({"x": names, "y": "fixed", "mean": range(len(names))})
    line = pd.DataFrame({"line": "a", "x": names, "mean": 1.0, "low": 0.5, "high": 1.5})
    drawn = (
        plot_heat_map(HeatMap(frame, title="Orders", x_label="Policy", y_label="Fees")),
        plot_response(Response(line, {"a": "#0072b2"}, "Orders", "Policy")),
    )
    for ax in drawn:
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.draw_without_rendering()
        labels = [label for label in ax.get_xticklabels() if label.get_text()]
        assert len(labels) == len(names)
        slanted = {label.get_rotation() > 0 and label.get_horizontalalignment() == "right" for label in labels}
        assert slanted == {names == POLICIES}
        if names != POLICIES:
            boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.x0)
            assert all(left.x1 < right.x0 for left, right in itertools.pairwise(boxes))


def test_colours_and_shapes_of_a_plane_have_a_column_each() -> None:
    ends = {"x": 1, "x_low": 0, "x_high": 2, "y": 1, "y_low": 0, "y_high": 2}
    frame = pd.DataFrame([{"group": group, "mark": mark, **ends} for group in "abc" for mark in "pq"])
    ax = plot_plane(Plane(frame, {"a": "r", "b": "g", "c": "b"}, {"p": "o", "q": "s"}, "x", "y"))
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b", "c", "p", "q", " "]
