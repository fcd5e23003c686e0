"""Why it changed: each difference of a decomposition, shared between the causes that were switched."""

from functools import partial

import numpy as np
import pandas as pd

from galleria.experiments.figures.gains import Gains, plot_gains
from galleria.experiments.figures.theme import INK, categories
from galleria.experiments.report.charts import Chart, Section, slug
from galleria.experiments.report.comparing import Claim, Comparison, moves
from galleria.experiments.report.study import Study
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import (
    Unit,
    decimals_for,
    lower_first,
    metric_phrase,
    metric_title,
    number,
    signed,
    signed_amount,
    signed_interval,
    unit_of,
    upper_first,
)
from galleria.experiments.statistics import Estimate, shapley, t_interval
from galleria.experiments.statistics.intervals import Floats

WHY = "Why it changed"
_ALL = "All together"
_READING = (
    "Every combination of the causes was run with the same shoppers. What a cause adds hangs on which others are at "
    "work already, so it is averaged over all orders in which they can come in (its Shapley value): these parts add up "
    "to the whole difference. The tables set beside it what each cause does alone, and what it adds when it comes "
    "last; where these differ, causes work through one another."
)


def causes_section(study: Study, compared: list[Comparison]) -> Section | None:
    """Share the differences of a decomposition between its causes: a chart and a table a measure."""
    whole = next((c for c in compared if c.moved), None)
    if whole is None:
        return None
    frames = {metric: frame for metric in whole.metrics if (frame := parts(study, metric)) is not None}
    if not frames:
        return None
    n = max(int(frame["n"].max()) for frame in frames.values())
    return Section(
        key="why",
        title=WHY,
        paragraphs=(_READING,),
        charts=tuple(_chart(study, metric, frame) for metric, frame in frames.items()),
        note=f"Bars are 95 % t intervals over replications, n\u00a0=\u00a0{n}."
        if n > 1
        else "One replication: no intervals.",
        tables=tuple((metric_title(m, study.cube.unit(m)), _table(study, m, frame)) for m, frame in frames.items()),
    )


def parts(study: Study, metric: str) -> pd.DataFrame | None:
    """Share the difference of a measure between the causes, over replications in which all points have it.

    Returns
    -------
    Columns cause, n, mean, low, high (its part), alone, last (means), in the measure's unit; the last row is the whole.
    None where no replication has the measure at every point.
    """
    outcomes = study.cube.of(metric)[[study.cube.row(point) for point in study.decomposed]]
    outcomes = outcomes[:, np.isfinite(outcomes).all(axis=0)]
    if not outcomes.shape[1]:
        return None
    causes = moves(study)
    k, everything = len(causes), len(outcomes) - 1
    bits = [1 << (k - 1 - cause) for cause in range(k)]
    alone = [outcomes[bit] - outcomes[0] for bit in bits]
    last = [outcomes[everything] - outcomes[everything & ~bit] for bit in bits]
    change: Floats = outcomes[everything] - outcomes[0]
    rows = zip([*causes, _ALL], [*shapley(outcomes), change], [*alone, change], [*last, change], strict=True)
    return pd.DataFrame([_row(upper_first(cause), t_interval(s), a, z) for cause, s, a, z in rows])


def _row(cause: str, share: Estimate, alone: Floats, last: Floats) -> dict[str, object]:
    ends = {end: float(getattr(share, end)) for end in ("mean", "low", "high")}
    return {"cause": cause, "n": int(share.n), **ends, "alone": float(alone.mean()), "last": float(last.mean())}


def cause_claims(study: Study, c: Comparison) -> list[Claim]:
    """Say of each measure of the whole change what every cause adds to it."""
    made = []
    for metric in c.metrics:
        frame = parts(study, metric)
        if frame is None:
            continue
        unit, (phrase, _) = unit_of(study.cube.unit(metric), metric), metric_phrase(metric)
        told = [f"{lower_first(str(row.cause))} {_amount(row, unit)}" for row in frame.itertuples()]
        made.append(Claim(metric, f"{phrase}: {', '.join(told[:-1])}; {told[-1]}{unit.after_difference}", clear=True))
    return made


def _amount(row: object, unit: Unit) -> str:
    mean, low, high = (unit.scale * float(getattr(row, end)) for end in ("mean", "low", "high"))
    places = decimals_for((high - low) / 2, mean)
    ends = f" [{signed(low, places)}, {signed(high, places)}]" if np.isfinite(low) and low < high else ""
    return f"{signed_amount(mean, places, unit)}{ends}"


def _scaled(study: Study, metric: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the shares as they are shown, and with how many decimals: those of the widest interval."""
    scale = unit_of(study.cube.unit(metric), metric).scale
    shown = frame.assign(**{name: frame[name] * scale for name in ("mean", "low", "high", "alone", "last")})
    half = float(((shown["high"] - shown["low"]) / 2).max())
    return shown, decimals_for(half, float(shown["mean"].abs().max()))


def _chart(study: Study, metric: str, frame: pd.DataFrame) -> Chart:
    shown, places = _scaled(study, metric, frame)
    title = metric_title(metric, study.cube.unit(metric))
    name, _, unit = title.removesuffix(")").partition(" (")
    cells = shown[["mean", "low", "high"]].to_numpy(float)
    texts = [signed_interval(mean, low, high, places) for mean, low, high in cells]
    data = Gains(
        frame=shown.assign(player=shown["cause"], text=texts),
        colours=dict(zip(shown["cause"], [*categories(len(shown) - 1), INK], strict=True)),
        title=name,
        unit=f"Change ({unit})" if unit else "Change",
    )
    told = "; ".join(f"{lower_first(cause)} {text}" for cause, text in zip(shown["cause"], texts, strict=True))
    return Chart(
        name=f"why-{slug(metric)}",
        draw=partial(plot_gains, data),
        frame=frame,
        caption=f"What each cause adds to the change of {metric_phrase(metric)[0]}, averaged over all orders.",
        alt=f"Parts of the change of {lower_first(name)}: {told}.",
    )


def _table(study: Study, metric: str, frame: pd.DataFrame) -> Table:
    shown, places = _scaled(study, metric, frame)
    rows = []
    for row in shown.to_dict("records"):
        known = np.isfinite(row["low"]) and row["low"] < row["high"]
        ends = f"{number(row['low'], places)} to {number(row['high'], places)}" if known else "\u2013"
        cells = (signed(row["mean"], places), ends, signed(row["alone"], places), signed(row["last"], places))
        rows.append((metric, (str(row["cause"]), *cells)))
    return Table(("Cause", "Part of the change", "95 % interval", "Alone", "Coming last"), tuple(rows))
