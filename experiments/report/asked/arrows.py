"""Fee against delivery time of every gig courier: arrows from the baseline level of `x` to each other level."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor
from galleria.experiments.figures.arrows import Arrows, plot_arrows
from galleria.experiments.figures.theme import changes, colours, sequence
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import channel_label, lower_first, spaced
from galleria.experiments.statistics import paired_difference, t_interval

_TIME, _FEE = "delivery_min_mean_", "fee_{}_usd"


@figure("arrows")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a panel a courier."""
    need_factor(study, entry, "x")
    x = study.factor(entry["x"])
    before, others = study.others(x, entry["at"])
    timed = [metric.removeprefix(_TIME) for metric in study.cube.metrics if metric.startswith(_TIME)]
    couriers = [name for name in timed if _FEE.format(name) in study.cube]
    if before is None:
        raise CannotBeDrawnError("the results have no point at the first level of `x`")
    rows = [
        {"player": courier, "change": spaced(x.words(level)), **_ends(study, courier, before, point)}
        for courier in couriers
        for level, point in others.items()
    ]
    frame = pd.DataFrame(rows)
    # A courier without orders at one of the two points has neither time nor fee there.
    frame = frame.dropna(subset=["x", "y"]) if rows else frame
    if frame.empty:
        raise CannotBeDrawnError("no courier has both a fee and delivery times at two levels of `x`")
    home = spaced(x.words(study.settings.loc[before, x.key]))  # type: ignore[arg-type]
    held = study.held(before, but=[x.key])
    names = list(dict.fromkeys(frame["change"]))
    data = Arrows(
        frame=frame.assign(player=frame["player"].map(channel_label)),
        players={channel_label(name): each for name, each in colours(couriers).items() if name in set(frame["player"])},
        changes=dict(zip(names, sequence(len(names)) if x.numeric else changes(len(names)), strict=True)),
        start=home,
        x_label="Mean delivery time (min)",
        title="Mean delivery fee ($)",
    )
    chart = Chart(
        name="-".join(["arrows", slug(x.key), *(slug(str(value)) for value in entry["at"].values())]),
        draw=partial(plot_arrows, data),
        frame=frame,
        caption=f"Delivery fee against delivery time of each courier, from {lower_first(x.label)} {home}"
        + (f" ({held})" if held else "")
        + " to the other levels; every panel has its own scale. Crosses at the tips: intervals of the paired changes.",
        alt=f"Arrows of fee and delivery time of {len(data.players)} couriers for {len(names)} changes of {x.label}.",
    )
    return [chart]


def _ends(study: Study, courier: str, before: int, after: int) -> dict[str, float]:
    """Return where an arrow starts, where it ends, and the interval of the change around its end."""
    found: dict[str, float] = {}
    for axis, metric in (("x", f"{_TIME}{courier}"), ("y", _FEE.format(courier))):
        values = [study.cube.at(point, metric) for point in (before, after)]
        change = paired_difference(values[1], values[0])
        both = np.isfinite(values[0]) & np.isfinite(values[1])
        start = float(t_interval(np.where(both, values[0], np.nan)).mean)
        found |= {f"{axis}_before": start, axis: start + float(change.mean)}
        found |= {f"{axis}_low": start + float(change.low), f"{axis}_high": start + float(change.high)}
    return found
