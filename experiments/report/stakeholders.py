"""Who gains and who loses: money of every stakeholder, as paired differences."""

from functools import partial

import numpy as np
import pandas as pd

from experiments.figures import Gains, plot_gains
from experiments.figures.theme import INK, PLAYERS
from experiments.report.charts import Chart, Section, slug
from experiments.report.comparing import Comparison
from experiments.report.study import Study
from experiments.report.words import lower_first, number, signed
from experiments.statistics import paired_difference

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
    ("On-line sellers", "seller_profit_usd", 1, "warehouse"),
    ("Public purse", "public_revenue_usd", 1, "public"),
    ("Others (external cost)", "external_cost_usd", -1, "public"),
    ("All together (welfare)", "welfare_usd", 1, "drivers"),
)

_READING = (
    "Differences in dollars a day between the two points of a comparison, with the same shoppers on the same days "
    "in both. An interval that touches the line at zero shows no difference. When the share of stores that opt in "
    "changes, stores move from one of the two groups to the other, so each group's sum changes with its size; the "
    "row of all mall stores is free of this."
)


def gains_section(study: Study, compared: list[Comparison]) -> Section | None:
    """Draw one forest plot a comparison: dots and intervals of paired differences in dollars a day."""
    present = [row for row in STAKEHOLDERS if row[1] in study.cube]
    if not present or not compared:
        return None
    n = len(study.cube.replications)
    interval = (
        f"Bars are 95 % t intervals of the differences paired by replication, n\u00a0=\u00a0{n}."
        if n > 1
        else "One replication a point: no intervals can be given."
    )
    return Section(
        key="gains",
        title="Who gains and who loses",
        paragraphs=(_READING,),
        charts=tuple(_gains(study, c) for c in compared),
        note=interval,
    )


def gains_frame(study: Study, before: int, after: int) -> pd.DataFrame:
    """Give player, metric, mean, low and high of the gain of every stakeholder between two points."""
    rows = []
    for label, metric, sign, _ in STAKEHOLDERS:
        if metric not in study.cube:
            continue
        gain = paired_difference(sign * study.cube.at(after, metric), sign * study.cube.at(before, metric))
        rows.append(
            {
                "player": label,
                "metric": metric,
                "n": int(gain.n),
                "mean": float(gain.mean),
                "low": float(gain.low),
                "high": float(gain.high),
            }
        )
    return pd.DataFrame(rows)


def _gains(study: Study, c: Comparison) -> Chart:
    frame = gains_frame(study, c.before, c.after)
    players = {label: PLAYERS.get(player, INK) for label, _, _, player in STAKEHOLDERS}
    title = f"{c.factor.label}: {' \u2192 '.join(c.levels())}"
    data = Gains(
        frame=frame.assign(text=[_text(m, a, b) for m, a, b in frame[["mean", "low", "high"]].to_numpy(float)]),
        colours=players,
        title=title,
    )
    winners = frame.loc[frame["low"] > 0, "player"].tolist()
    losers = frame.loc[frame["high"] < 0, "player"].tolist()
    held = study.held(c.before, but=[c.factor.key])
    return Chart(
        name=f"gains-{slug(c.factor.key)}-{c.before}-{c.after}",
        draw=partial(plot_gains, data),
        frame=frame,
        caption=f"Gains and losses, {lower_first(title)}" + (f" ({held})." if held else "."),
        alt=(
            f"Forest plot of gains and losses, {title}. "
            f"Gain: {', '.join(winners) or 'nobody for sure'}. Lose: {', '.join(losers) or 'nobody for sure'}."
        ),
    )


def _text(mean: float, low: float, high: float) -> str:
    if not np.isfinite(mean):
        return ""
    if not np.isfinite(low) or low == high:
        return signed(mean, 0)
    return f"{signed(mean, 0)} [{number(low, 0)}, {number(high, 0)}]"
