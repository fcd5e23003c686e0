"""Who gains and who loses: money of every stakeholder, as paired differences."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures import Gains, plot_gains
from galleria.experiments.figures.theme import INK, PLAYERS
from galleria.experiments.report.charts import Chart, Section, slug
from galleria.experiments.report.comparing import Comparison
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, signed_interval
from galleria.experiments.statistics import paired_difference

STAKEHOLDERS = (
    # label, metric, sign of a gain, player whose colour it has
    ("Consumers", "consumer_surplus_usd", 1, "consumers"),
    ("Drivers", "driver_surplus_usd", 1, "drivers"),
    ("Mall stores that joined", "retailer_profit_joined_usd", 1, "retailers"),
    ("Mall stores that did not", "retailer_profit_not_joined_usd", 1, "retailers"),
    ("All mall stores", "retailer_profit_usd", 1, "retailers"),
    ("Platform", "platform_profit_usd", 1, "platform"),
    ("Rival couriers", "rival_profit_usd", 1, "rivals"),
    ("Big boxes", "big_box_profit_usd", 1, "big_box"),
    ("On-line sellers", "seller_profit_usd", 1, "sellers"),
    ("Public purse", "public_revenue_usd", 1, "government"),
    ("Others (external cost)", "external_cost_usd", -1, "public"),
    ("All together (welfare)", "welfare_usd", 1, "drivers"),
)

_READING = (
    "Differences in dollars a day between the two points of a comparison, with the same shoppers on the same days "
    "in both. An interval that touches the line at zero shows no difference."
)
_REGROUPED = (
    "When the share of stores that opt in changes, stores move between those that joined and those that did not, and "
    "the sums and the means of both groups move with who is in them. Such comparisons show instead what being on "
    "mall-direct brings the same few stores, each flipped with all else as it is, and what that takes from others."
)
_PER_STORE = (
    ("A store, by its own joining", "gain_of_joining_usd", 1, "retailers"),
    ("All others, by its joining", "loss_to_neighbours_usd", -1, "retailers"),
)
_SAME_SHARE = 1e-9
_GROUPS = ("retailer_profit_joined_usd", "retailer_profit_not_joined_usd")

Row = tuple[str, str, int, str]


def gains_section(study: Study, compared: list[Comparison]) -> Section | None:
    """Draw one forest plot a comparison: dots and intervals of paired differences in dollars a day."""
    present = [row for row in STAKEHOLDERS if row[1] in study.cube]
    if not present or not compared:
        return None
    compared = list({(c.before, c.after): c for c in compared}.values())  # two entries may ask of the same two points
    n = len(study.cube.replications)
    interval = (
        f"Bars are 95 % t intervals of the differences paired by replication, n\u00a0=\u00a0{n}."
        if n > 1
        else "One replication a point: no intervals can be given."
    )
    regrouped = [_regrouped(study, c) for c in compared]
    charts = [chart for c, moved in zip(compared, regrouped, strict=True) for chart in _charts(study, c, moved)]
    charts = [chart for chart in charts if chart.frame["mean"].notna().any()]
    if not charts:
        return None
    return Section(
        key="gains",
        title="Who gains and who loses",
        paragraphs=(_READING, _REGROUPED) if any(regrouped) else (_READING,),
        charts=tuple(sorted(charts, key=lambda chart: chart.name.startswith("gains-per-store"))),
        note=interval,
    )


def _regrouped(study: Study, c: Comparison) -> bool:
    """Say whether another number of stores joined at the two points, and what joining brings one is known."""
    if any(metric not in study.cube for metric in ("opt_in_share", *(row[1] for row in _PER_STORE))):
        return False
    change = study.cube.at(c.after, "opt_in_share") - study.cube.at(c.before, "opt_in_share")
    return bool((np.abs(change[np.isfinite(change)]) > _SAME_SHARE).any())


def _charts(study: Study, c: Comparison, moved: bool) -> Iterator[Chart]:  # noqa: FBT001
    present = [row for row in STAKEHOLDERS if row[1] in study.cube]
    if moved:
        yield _gains(study, c, [row for row in present if row[1] not in _GROUPS], "gains", "$ a day")
        yield _gains(study, c, _PER_STORE, "gains-per-store", "$ a day per store")
    else:
        yield _gains(study, c, present, "gains", "$ a day")


def gains_frame(study: Study, before: int, after: int, rows: Sequence[Row] = STAKEHOLDERS) -> pd.DataFrame:
    """Return player, metric, n, mean, low and high of the gain of every stakeholder between two points."""
    made = []
    for label, metric, sign, _ in rows:
        gain = paired_difference(sign * study.cube.at(after, metric), sign * study.cube.at(before, metric))
        made.append((label, metric, int(gain.n), float(gain.mean), float(gain.low), float(gain.high)))
    return pd.DataFrame(made, columns=["player", "metric", "n", "mean", "low", "high"])


def _gains(study: Study, c: Comparison, rows: Sequence[Row], name: str, unit: str) -> Chart:
    frame = gains_frame(study, c.before, c.after, rows)
    title = f"{c.factor.label}: {' \u2192 '.join(c.levels())}"
    cells = frame[["mean", "low", "high"]].to_numpy(float)
    decimals = 0 if np.nanmax(np.abs(cells), initial=0.0) >= 100 else 1
    data = Gains(
        frame=frame.assign(text=[_text(mean, low, high, decimals) for mean, low, high in cells]),
        colours={label: PLAYERS.get(player, INK) for label, _, _, player in rows},
        title=title,
        unit=unit,
    )
    winners = frame.loc[frame["low"] > 0, "player"].tolist()
    losers = frame.loc[frame["high"] < 0, "player"].tolist()
    held = study.held(c.before, but=c.moved or [c.factor.key])
    what = "Gains and losses" if name == "gains" else "Gains and losses of mall stores by one store's joining"
    return Chart(
        name=f"{name}-{slug(c.factor.key)}-{c.before}-{c.after}",
        draw=partial(plot_gains, data),
        frame=frame,
        caption=f"{what}, {lower_first(title)}" + (f" ({held})." if held else "."),
        alt=(
            f"Forest plot of gains and losses, {title}. "
            f"Gain: {', '.join(winners) or 'nobody for sure'}. Lose: {', '.join(losers) or 'nobody for sure'}."
        ),
    )


def _text(mean: float, low: float, high: float, decimals: int) -> str:
    if not np.isfinite(mean):
        return "none at one of the points"
    return signed_interval(mean, low, high, decimals)
