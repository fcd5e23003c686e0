"""Who bears each level of `x`: money of customers, drivers, stores, firms and the public against the baseline level."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from galleria.experiments.design.figure_names import CannotBeDrawnError, figure, need_factor, need_measure
from galleria.experiments.figures.incidence import Incidence, plot_incidence
from galleria.experiments.figures.theme import PLAYERS
from galleria.experiments.report.charts import Chart, slug
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import lower_first, spaced
from galleria.experiments.statistics import paired_difference

PARTS = (
    # label, metrics, sign of a gain, player whose colour it has
    ("Customers", ("consumer_surplus_usd",), 1, "consumers"),
    ("Drivers", ("driver_surplus_usd",), 1, "drivers"),
    ("Stores and malls", ("retailer_profit_usd", "landlord_profit_usd", "big_box_profit_usd"), 1, "retailers"),
    ("On-line sellers", ("seller_profit_usd",), 1, "sellers"),
    ("Platform", ("platform_profit_usd",), 1, "platform"),
    ("Rival couriers", ("rival_profit_usd",), 1, "rivals"),
    ("Public purse", ("public_revenue_usd",), 1, "government"),
    ("Others (external cost)", ("external_cost_usd",), -1, "public"),
)


@figure("incidence")
def charts(study: Study, entry: Mapping[str, Any]) -> list[Chart]:
    """Draw one chart with a bar a level."""
    need_factor(study, entry, "x")
    need_measure(study, "welfare_usd")
    x = study.factor(entry["x"])
    before, others = study.others(x, entry["at"])
    bars = [(spaced(x.words(value)), point) for value, point in others.items()]
    if before is None or not bars:
        raise CannotBeDrawnError("the results have no two levels of `x`")
    home: Any = study.settings.loc[before, x.key]
    rows, net = [], []
    for bar, point in bars:
        for label, metrics, sign, _ in PARTS:
            known = [metric for metric in metrics if metric in study.cube]
            gains = sum(study.cube.at(point, m) - study.cube.at(before, m) for m in known)
            rows.append({"bar": bar, "player": label, "mean": sign * float(np.nanmean(gains)) if known else 0.0})
        whole = paired_difference(study.cube.at(point, "welfare_usd"), study.cube.at(before, "welfare_usd"))
        net.append({"bar": bar, **{name: float(getattr(whole, name)) for name in ("mean", "low", "high")}})
    frame = pd.DataFrame(rows)
    data = Incidence(
        frame=frame,
        net=pd.DataFrame(net),
        colours={label: PLAYERS[player] for label, _, _, player in PARTS},
        title="Gains and losses ($ a day)",
    )
    chart = Chart(
        name="-".join(["incidence", slug(x.key), *(slug(str(value)) for value in entry["at"].values())]),
        draw=partial(plot_incidence, data),
        frame=pd.concat([frame, data.net.assign(player="all together")]),
        caption=f"Mean paired differences from {lower_first(x.label)} {x.words(home)}"
        f"{_where(study, before, x.key)}: gains stand above the line, losses below; the diamond is their sum, welfare.",
        alt=f"Stacked bars of gains and losses for {len(bars)} levels of {x.label}.",
    )
    return [chart]


def _where(study: Study, point: int, key: str) -> str:
    held = study.held(point, but=[key])
    return f" ({held})" if held else ""
