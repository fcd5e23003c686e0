"""How the change of welfare from the baseline level of `x` comes about, stakeholder by stakeholder and firm by courier.

A merger moves a courier's profit from one firm to another; so what firms earn is shown courier by courier.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor, need_measure
from galleria.experiments.figures.theme import QUIET, colours
from galleria.experiments.figures.waterfall import Waterfall, plot_waterfall
from galleria.experiments.report.asked.incidence import PARTS
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import channel_label, lower_first, spaced
from galleria.experiments.statistics import paired_difference
from galleria.experiments.statistics.intervals import Floats

Part = tuple[str, tuple[str, ...], int, str]

_FIRMS = ("platform_profit_usd", "rival_profit_usd")
_REST = "Not accounted for"
_ROUNDING = 1e-9


@figure("waterfall")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a panel a level."""
    need_factor(study, entry, "x")
    need_measure(study, "welfare_usd")
    x = study.factor(entry["x"])
    before, others = study.others(x, entry["at"])
    if before is None or not others:
        raise CannotBeDrawnError("the results have no two levels of `x`")
    parts = _parts(study)
    rows, totals = [], []
    for level, point in others.items():
        total = paired_difference(study.cube.at(point, "welfare_usd"), study.cube.at(before, "welfare_usd"))
        if total.n == 0:
            continue
        panel = spaced(x.words(level))
        means = _means(study, parts, before, point)
        rows += [{"panel": panel, "player": player, "mean": mean} for player, mean in means.items()]
        rows.append({"panel": panel, "player": _REST, "mean": float(total.mean) - sum(means.values())})
        totals.append({"panel": panel, **{end: float(getattr(total, end)) for end in ("mean", "low", "high")}})
    if not rows:
        raise CannotBeDrawnError("no party's welfare changes")
    frame, total_frame = pd.DataFrame(rows), pd.DataFrame(totals)
    # Whom nothing reaches has no bar.
    reached = frame["mean"].abs().groupby(frame["player"]).transform("max")
    frame = frame[reached > _ROUNDING * np.nanmax(np.abs(study.cube.of("welfare_usd")))]
    painted = colours(player for _, _, _, player in parts)
    known = {**{label: painted[player] for label, _, _, player in parts}, _REST: QUIET}
    home = spaced(x.words(study.settings.loc[before, x.key]))  # type: ignore[arg-type]
    held = study.held(before, but=[x.key])
    data = Waterfall(
        frame=frame,
        total=total_frame,
        colours={player: each for player, each in known.items() if player in set(frame["player"])},
        title="Change of welfare ($ a day)",
    )
    chart = Chart(
        name="-".join(["waterfall", slug(x.key), *(slug(str(value)) for value in entry["at"].values())]),
        draw=partial(plot_waterfall, data),
        frame=pd.concat([frame, total_frame.assign(player="all together")]),
        caption=f"Mean paired differences from {lower_first(x.label)} {home}"
        + (f" ({held})" if held else "")
        + ": every bar begins where the one above it ended; the last is their sum, welfare, with its interval. "
        "Firms are shown courier by courier, whoever owns them.",
        alt=f"Waterfalls from stakeholders' gains and losses to welfare for {len(totals)} levels of {x.label}.",
    )
    return [chart]


def _parts(study: Study) -> list[Part]:
    """List stakeholders, with the couriers in place of the firms that own them where couriers were measured."""
    courier: list[Part] = [
        (channel_label(name), (metric,), 1, name)
        for metric in study.cube.metrics
        if metric.startswith("contribution_")
        for name in [metric.removeprefix("contribution_").removesuffix("_usd")]
    ]
    if not courier:
        return list(PARTS)
    firms = [row for row in PARTS if set(row[1]) & set(_FIRMS)]
    first = PARTS.index(firms[0])
    return [*PARTS[:first], *courier, *(row for row in PARTS[first:] if row not in firms)]


def _means(study: Study, parts: list[Part], before: int, after: int) -> dict[str, float]:
    """Return the mean paired gain of every part, over the replications in which welfare is known at both points."""
    welfare = [study.cube.at(point, "welfare_usd") for point in (before, after)]
    both = np.isfinite(welfare[0]) & np.isfinite(welfare[1])
    return {
        label: sign * sum(float((_earned(study, after, m) - _earned(study, before, m))[both].mean()) for m in metrics)
        for label, metrics, sign, _ in parts
    }


def _earned(study: Study, point: int, metric: str) -> Floats:
    """Return a money measure, float64[replications]; who is not in a market earns nothing there."""
    if metric not in study.cube:
        return np.zeros(len(study.cube.replications))
    return np.nan_to_num(study.cube.at(point, metric))
