"""Whose customers mall-direct has: where they would have gone without it, as flows between channels."""

from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures import Flows, plot_flows
from galleria.experiments.figures.theme import colours
from galleria.experiments.report.charts import Chart, Section
from galleria.experiments.report.study import Study
from galleria.experiments.report.words import NARROW, channel_label
from galleria.experiments.statistics import t_interval

_PREFIX = "diversion_to_"
_READING = (
    "Each order with mall-direct is traced to what its customer would have chosen on the same occasion, with the same "
    "tastes and offers, had mall-direct not been there."
)


def diversion_section(study: Study) -> Section | None:
    """Draw where mall-direct's customers come from at the baseline point, or without one at the middle."""
    found = [(m, t_interval(study.cube.at(study.centre, m))) for m in study.cube.metrics if m.startswith(_PREFIX)]
    rows = [
        {
            "to": channel_label(metric.removeprefix(_PREFIX)),
            "channel": metric.removeprefix(_PREFIX),
            "share": float(estimate.mean),
            "low": float(estimate.low),
            "high": float(estimate.high),
            "n": int(estimate.n),
        }
        for metric, estimate in found
        if np.isfinite(estimate.mean)
    ]
    if len(rows) < 2:
        return None
    frame = pd.DataFrame(rows).sort_values("share", ascending=False, kind="stable", ignore_index=True)
    tones = colours(frame["channel"])
    texts = [_text(*row) for row in frame[["share", "low", "high"]].itertuples(index=False)]
    data = Flows(
        frame=frame.assign(text=texts),
        colours={channel_label(channel): tone for channel, tone in tones.items()},
        source="Mall-direct's orders",
        title="Where mall-direct's customers would go without it",
    )
    told = ", ".join(f"{name} {text}" for name, text in zip(frame["to"], texts, strict=True))
    n = int(frame["n"].max())
    where = study.held(study.centre, but=[])
    chart = Chart(
        name="diversion",
        draw=partial(plot_flows, data),
        frame=frame,
        caption="What those who order mall-direct would have chosen without it, in shares of its orders"
        + (f" ({where})." if where else ".")
        + (f" Brackets hold 95 % t intervals over n\u00a0=\u00a0{n} replications." if n > 1 else ""),
        alt=f"Flows from mall-direct's orders to what their customers would choose without it: {told}.",
    )
    return Section(key="diversion", title="Whose customers these are", paragraphs=(_READING,), charts=(chart,))


def _text(share: float, low: float, high: float) -> str:
    size = f"{100 * share:.0f}{NARROW}%"
    return f"{size} [{100 * low:.0f}, {100 * high:.0f}]" if np.isfinite(low) and low < high else size
