"""Drivers against demand by dispatch rule: heat maps, and throughput beside its closed form (model 10.3)."""

from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures.heat_panels import HeatPanels, plot_heat_panels
from galleria.experiments.figures.response import Response, plot_response
from galleria.experiments.figures.throughput import Throughput, plot_throughput
from galleria.experiments.report.charts import Chart, Section, slug, span
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import level
from galleria.experiments.statistics import t_interval

DRIVERS, DEMAND, RULE = "drivers.pool", "customers.occasions_per_household_day", "dispatch"
THROUGHPUT, PICKUP, SERVICE = "afternoon_orders_per_h", "afternoon_pickup_min_mean", "from_store_min_per_order"
LEAST, NEAREST = "least_pickup_min", "nearest_pickup_min_"
SHOWN = {
    THROUGHPUT: ("Orders delivered an hour, noon to 8 p.m.", 0),
    PICKUP: ("Minutes from acceptance to the store, noon to 8 p.m.", 1),
}

_LAW = (
    "N drivers of whom I are idle deliver Y(I) = (N \u2212 I) / (\u03c4 + T(I)) orders an hour, where \u03c4 is the "
    "time from the store to the end of a trip and T the drive to the store. T is at least what flow balance leaves "
    "(drivers have to get from doors back to stores) and what the nearest of I drivers at random places needs; it is "
    "at most the sum of both, and never more than the mean drive across town. The fewer are idle, the longer the "
    "drives: Y bends back, and with nobody idle it ends at a floor, where every free driver is sent across town."
)


def supply_demand_section(study: Study) -> Section | None:
    """Show throughput and pick-ups over drivers and demand where dispatch rules are compared."""
    keys = [factor.key for factor in study.factors]
    if {DRIVERS, DEMAND, RULE} != set(keys) or {THROUGHPUT, PICKUP, SERVICE, LEAST} - set(study.cube.metrics):
        return None
    pools = [float(at) for at in study.factor(DRIVERS).levels]
    curves = pd.concat([closed_form(study, drivers) for drivers in pools])
    tops = curves.groupby("drivers").agg(most=("high", "max"), floor=("low", "first"))
    maps = [_maps(study, metric, title, decimals) for metric, (title, decimals) in SHOWN.items()]
    return Section(
        key="supply-demand",
        title="Drivers, demand and dispatch",
        paragraphs=(_LAW, " ".join(_sentence(study, drivers, tops) for drivers in pools)),
        charts=(*maps, _over_idle(study, curves), *(_over_demand(study, drivers, tops) for drivers in pools)),
    )


def closed_form(study: Study, drivers: float) -> pd.DataFrame:
    """Work out the bounds of throughput for a number of drivers; columns drivers, idle, low, high (1/h).

    The times are means over all points with so many drivers: they follow from the places, not from the rule.
    """
    idle = np.geomspace(0.3, drivers, 200)
    at = [study.cube.row(int(point)) for point in study.settings.index[study.settings[DRIVERS] == drivers]]

    def overall(metric: str) -> float:
        return float(np.nanmean(study.cube.of(metric)[at]))

    numbers = sorted(int(m.removeprefix(NEAREST)) for m in study.cube.metrics if m.startswith(NEAREST))
    nearest = [overall(f"{NEAREST}{number}") for number in numbers]
    static = np.exp(np.interp(np.log(idle), np.log(numbers), np.log(nearest)))
    balance, service = overall(LEAST), overall(SERVICE)
    shortest = np.maximum(balance, static)
    longest = np.minimum(balance + static, nearest[0])
    low, high = (60 * (drivers - idle) / (service + np.maximum(way, shortest)) for way in (longest, shortest))
    return pd.DataFrame({"drivers": drivers, "idle": idle, "low": low, "high": high})


def _dots(study: Study) -> pd.DataFrame:
    rows = [study.cube.row(int(point)) for point in study.settings.index]
    rate = t_interval(study.cube.of(THROUGHPUT)[rows])
    busy_min = study.cube.of(PICKUP)[rows] + study.cube.of(SERVICE)[rows]
    engaged = np.nanmean(study.cube.of(THROUGHPUT)[rows] * busy_min / 60, axis=1)
    rule = study.factor(RULE)
    return pd.DataFrame(
        {
            "line": [level(at, rule.unit) for at in study.settings[RULE]],
            "drivers": study.settings[DRIVERS].to_numpy(float),
            "demand": study.settings[DEMAND].to_numpy(float),
            "idle": study.settings[DRIVERS].to_numpy(float) - engaged,
            "mean": rate.mean,
            "low": rate.low,
            "high": rate.high,
        }
    )


def _colours(study: Study) -> dict[str, tuple[float, float, float]]:
    import seaborn as sns  # noqa: PLC0415 (slow to import)

    rule = study.factor(RULE)
    names = [level(at, rule.unit) for at in rule.levels]
    return dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))


def _over_idle(study: Study, curves: pd.DataFrame) -> Chart:
    dots = _dots(study)
    least = float(curves["idle"].min())
    shown = dots.assign(idle=dots["idle"].clip(lower=least))
    data = Throughput(curves, shown, _colours(study), SHOWN[THROUGHPUT][0], study.factor(RULE).label)
    return Chart(
        name="throughput-by-idle-drivers",
        draw=partial(plot_throughput, data),
        frame=pd.concat([dots, curves.assign(line="closed form")]),
        caption="Throughput against idle drivers (on line less Y times the time of an order; fewer than "
        f"{least:g} are drawn there). Band: between both bounds of the closed form; dots: design points with 95 % "
        "intervals. Batches pass the upper bound with nobody idle, since they choose among waiting orders too.",
        alt=f"Throughput against idle drivers with the closed form's band: simulated {span(dots)} an hour.",
    )


def _over_demand(study: Study, drivers: float, tops: pd.DataFrame) -> Chart:
    demand = study.factor(DEMAND)
    dots = _dots(study)
    lines = dots[dots["drivers"] == drivers].rename(columns={"demand": "x"})
    ends = [float(at) for at in (demand.levels[0], demand.levels[-1])]
    most, floor = (float(tops[name].to_numpy()[tops.index.get_loc(drivers)]) for name in ("most", "floor"))
    laws = [
        pd.DataFrame({"line": name, "x": ends, "mean": value, "low": value, "high": value})
        for name, value in (("closed form, most", most), ("closed form, floor", floor))
    ]
    frame = pd.concat([lines[["line", "x", "mean", "low", "high"]], *laws]).reset_index(drop=True)
    grey = dict.fromkeys(("closed form, most", "closed form, floor"), (0.42, 0.45, 0.5))
    title = f"Orders an hour, {drivers:g} drivers"
    data = Response(
        frame=frame,
        colours={**_colours(study), **grey},
        title=title,
        x_label=demand.axis_label(),
        line_label=study.factor(RULE).label,
    )
    return Chart(
        name=f"throughput-by-demand-{slug(f'{drivers:g}')}-drivers",
        draw=partial(plot_response, data),
        frame=frame,
        caption=f"{title}, noon to 8 p.m., by demand and rule, with the most and the floor of the closed form; bands "
        "are 95 % intervals.",
        alt=f"Throughput of {drivers:g} drivers against demand, one line a dispatch rule: {span(lines)} an hour.",
    )


def _maps(study: Study, metric: str, title: str, decimals: int) -> Chart:
    across, up, rule = study.factor(DEMAND), study.factor(DRIVERS), study.factor(RULE)
    rows = [study.cube.row(int(point)) for point in study.settings.index]
    frame = study.settings.assign(mean=t_interval(study.cube.of(metric)[rows]).mean).sort_values([DRIVERS, DEMAND])
    frame = frame.assign(x=[_name(across, v) for v in frame[DEMAND]], y=[_name(up, v) for v in frame[DRIVERS]])
    panels = {_name(rule, at): frame[frame[RULE] == at] for at in rule.levels}
    data = HeatPanels(panels, title, across.axis_label(), up.axis_label(), decimals)
    return Chart(
        name=f"map-{slug(metric)}",
        draw=partial(plot_heat_panels, data),
        frame=frame.drop(columns=["x", "y"]),
        caption=f"{title}: means of the design points, one panel a dispatch rule.",
        alt=f"Heat maps of {title} over demand and drivers, one a dispatch rule: {span(frame)}.",
    )


def _name(factor: Factor, value: float | str | bool) -> str:  # noqa: FBT001 (a level may be a truth value)
    return level(value, factor.unit)


def _sentence(study: Study, drivers: float, tops: pd.DataFrame) -> str:
    dots = _dots(study)
    here = dots[(dots["drivers"] == drivers) & (dots["demand"] == dots["demand"].max())]
    most, floor = (float(tops[name].to_numpy()[tops.index.get_loc(drivers)]) for name in ("most", "floor"))
    by_rule = ", ".join(f"{line} {mean:.0f}" for line, mean in zip(here["line"], here["mean"], strict=True))
    return (
        f"{drivers:g} drivers: the closed form allows at most {most:.0f} orders an hour and leaves {floor:.0f} at its "
        f"floor; at the highest demand the rules delivered {by_rule}."
    )
