"""The comparisons a report leads with, and what may be said of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from galleria.experiments.design.factors import SWITCH
from galleria.experiments.report.study import Factor, Study, Value
from galleria.experiments.report.words import (
    NARROW,
    decimals_for,
    level,
    lower_first,
    metric_phrase,
    number,
    signed,
    signed_amount,
    unit_of,
    upper_first,
)
from galleria.experiments.statistics import detectable_difference, holm, paired_difference, t_interval, t_p_value

HEADLINE_METRICS = (
    "orders_rivals",
    "driver_net_usd_per_online_h",
    "delivery_min_mean",
    "retailer_profit_usd",
    "consumer_surplus_usd",
    "welfare_usd",
)
"""What sentences speak of when the experiment names no metrics, the most asked-for first."""

LEVEL_METRICS = (
    "orders_mall_direct",
    "orders_rivals",
    "warehouse_orders",
    "driver_net_usd_per_online_h",
    "delivery_min_mean",
    "on_time_share",
    "driver_utilisation",
    "drivers_online_mean",
    "opt_in_share",
    "mall_visits",
    "vkt_km",
    "co2_kg",
)
"""What is told of a single point."""

_MOST_FACTORS = 4
_MOST_CATEGORIES = 3
_SURE = 0.05


@dataclass(frozen=True)
class Comparison:
    """Two points that differ in one factor, or in all that a decomposition is of.

    Attributes
    ----------
    factor
        What differs.
    low, high
        Its levels at the two points.
    before, after
        The points.
    metrics
        What is compared.
    moved
        Keys of the factors that differ, where these are all factors of a decomposition; `factor` then stands for them.
    """

    factor: Factor
    low: Value
    high: Value
    before: int
    after: int
    metrics: tuple[str, ...]
    moved: tuple[str, ...] = ()

    def lead(self, study: Study) -> str:
        """Write what is done: "Mall opt-in raised from 20 % to 80 % (driver pool: 240)"."""
        if self.moved:
            return f"All at once: {', '.join(moves(study))}"
        verb = "changed"
        if isinstance(self.low, float) and isinstance(self.high, float):
            verb = "raised" if self.high > self.low else "lowered"
        held = study.held(self.before, but=[self.factor.key])
        low, high = self.levels()
        return f"{upper_first(self.factor.label)} {verb} from {low} to {high}" + (f" ({held})" if held else "")

    def levels(self) -> tuple[str, str]:
        """Write both levels, with the unit after the second only."""
        whole = isinstance(self.low, float) and self.factor.unit is not None
        low = level(self.low, self.factor.unit) if whole else self.factor.words(self.low)
        return low, self.factor.words(self.high)


@dataclass(frozen=True)
class Claim:
    """What the data say of one metric in one comparison.

    Attributes
    ----------
    metric
        Its name.
    text
        A clause without a full stop.
    clear
        Whether the 95 % interval leaves zero out (or every replication shows the same difference).
    doubtful
        Whether a clear difference fails Holm's adjustment at 5 % over all comparisons of the report.
    family
        Number of those comparisons.
    seen
        The size of a difference that the replications would have shown, where none can be seen; else empty.
    """

    metric: str
    text: str
    clear: bool
    doubtful: bool = False
    family: int = 0
    seen: str = ""


def comparisons(study: Study) -> list[Comparison]:
    """List the comparisons the experiment names, or else from the lowest to the highest level of each factor.

    Categories are compared with the level of the baseline point.
    """
    named = study.results.provenance.get("headline") or ([{"factor": None}] if study.decomposed else [])
    made = [c for entry in named if (c := _named(study, entry)) is not None]
    return made or list(_extremes(study))


def _named(study: Study, entry: Mapping[str, Any]) -> Comparison | None:
    if entry["factor"] is None:
        return _whole(study, _metrics(study, entry.get("metrics") or ()))
    key = str(entry["factor"])
    if key not in {factor.key for factor in study.factors}:
        return None
    factor = study.factor(key)
    at = dict(entry.get("at") or {})
    before, after = (study.find({**at, key: entry[end]}) for end in ("low", "high"))
    if before is None or after is None:
        return None
    low, high = (float(entry[end]) if factor.numeric else entry[end] for end in ("low", "high"))
    return Comparison(factor, low, high, before, after, _metrics(study, entry.get("metrics") or ()))


def _whole(study: Study, metrics: tuple[str, ...]) -> Comparison | None:
    """Return the change that a decomposition is of."""
    if not study.decomposed:
        return None
    every = Factor(key="all", label="All at once", unit=None, levels=("before", "after"), numeric=False)
    first, last = study.decomposed[0], study.decomposed[-1]
    return Comparison(every, "before", "after", first, last, metrics, tuple(study.settings.columns))


def moves(study: Study) -> list[str]:
    """Say of each factor of a decomposition what it changes: the name of a switch, or a setting from and to."""
    declared = {str(each["key"]): each for each in study.results.provenance.get("factors") or []}
    found = []
    for key in study.results.provenance["design"]["varied"]:
        known = next((factor for factor in study.factors if factor.key == key), None)
        label = str(declared.get(key, {}).get("label") or key) if known is None else known.label
        ends = [] if known is None or set(known.levels) <= set(SWITCH) else [known.words(each) for each in known.levels]
        found.append(lower_first(label) + (f" ({' \u2192 '.join(ends)})" if ends else ""))
    return found


def _extremes(study: Study) -> Iterator[Comparison]:
    if study.shape in {"scattered", "together"}:
        return
    metrics = _metrics(study, ())
    for factor in study.factors[:_MOST_FACTORS]:
        points = study.slice(factor)
        levels = list(points)
        if factor.numeric:
            yield Comparison(factor, levels[0], levels[-1], points[levels[0]], points[levels[-1]], metrics)
            continue
        home = next(value for value, point in points.items() if point == study.centre)
        for other in islice((value for value in levels if value != home), _MOST_CATEGORIES):
            yield Comparison(factor, home, other, points[home], points[other], metrics)


def _metrics(study: Study, named: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(named) or HEADLINE_METRICS
    return tuple(metric for metric in wanted if metric in study.cube)


def claims(study: Study, compared: Sequence[Comparison]) -> list[list[Claim]]:
    """Say for every comparison what the paired differences show.

    A difference whose interval leaves zero out is marked doubtful when Holm's rule over all comparisons of the
    report does not keep it at 5 %.
    """
    pairs = [(c, metric) for c in compared for metric in c.metrics]
    values = [(study.cube.at(c.before, m), study.cube.at(c.after, m)) for c, m in pairs]
    p = [float(t_p_value(paired_difference(after, before))) for before, after in values]
    adjusted = dict(zip([(id(c), m) for c, m in pairs], holm(p), strict=True))
    family = int(np.isfinite(p).sum())
    found = []
    for c in compared:
        made = (_claim(study, c, metric, adjusted[id(c), metric], family) for metric in c.metrics)
        found.append([claim for claim in made if claim is not None])
    return found


def doubted(study: Study, compared: Sequence[Comparison]) -> set[tuple[int, int, str]]:
    """Return (point before, point after, measure) of each difference that does not pass Holm's adjustment."""
    found = claims(study, compared)
    return {
        (c.before, c.after, each.metric)
        for c, said in zip(compared, found, strict=True)
        for each in said
        if each.doubtful
    }


def _claim(study: Study, c: Comparison, metric: str, p_adjusted: float, family: int) -> Claim | None:
    before, after = study.cube.at(c.before, metric), study.cube.at(c.after, metric)
    difference = paired_difference(after, before)
    mean, low, high = float(difference.mean), float(difference.low), float(difference.high)
    if difference.n == 0:
        return None
    phrase, plural = metric_phrase(metric)
    unit = unit_of(study.cube.unit(metric), metric)
    mean, low, high = mean * unit.scale, low * unit.scale, high * unit.scale
    verb = ("rise" if mean > 0 else "fall") + ("" if plural else "s")
    decimals = decimals_for((high - low) / 2, mean)
    size = f"{unit.before}{number(abs(mean), decimals)}"
    after_words = unit.after_difference
    relative = _relative(mean, float(t_interval(before).mean) * unit.scale, unit.after == f"{NARROW}%")
    if mean == 0 and (difference.n < 2 or difference.sd == 0):
        return Claim(metric, f"{phrase} {'do' if plural else 'does'} not change", clear=False)
    if difference.n < 2:
        return Claim(metric, f"{phrase} {verb} by {size}{after_words}{relative} in the one replication", clear=False)
    if difference.sd == 0:
        return Claim(
            metric, f"{phrase} {verb} by exactly {size}{after_words}{relative} in every replication", clear=True
        )
    if low <= 0 <= high:
        shown = f"{signed_amount(mean, decimals, unit)} [{signed(low, decimals)}, {signed(high, decimals)}]"
        could = detectable_difference(int(difference.n), float(difference.sd)) * unit.scale
        seen = f"{unit.before}{number(could, decimals_for(could / 2, could))}{after_words}"
        return Claim(metric, f"no difference can be seen in {phrase} ({shown}{after_words})", clear=False, seen=seen)
    ends = sorted([abs(low), abs(high)])
    while ends[0] > 0 and decimals < 6 and round(ends[0], decimals) == 0:
        # An interval that leaves zero out must not be written as if it touched it.
        decimals += 1
    size = f"{unit.before}{number(abs(mean), decimals)}"
    text = (
        f"{phrase} {verb} by {size} [{number(ends[0], decimals)}, {number(ends[1], decimals)}]{after_words}{relative}"
    )
    return Claim(metric, text, clear=True, doubtful=not p_adjusted <= _SURE, family=family)


def _relative(difference: float, base: float, percentage_points: bool) -> str:  # noqa: FBT001
    if percentage_points or not np.isfinite(base) or abs(base) < 1e-9:
        return ""
    share = 100 * difference / abs(base)
    if 0 < abs(share) < 0.05:
        return f" (under 0.1{NARROW}%)"
    return f" ({signed(share, 1 if abs(share) < 100 else 0)}{NARROW}%)"


def levels_of(study: Study, point: int, metrics: Sequence[str]) -> list[str]:
    """Say what the metrics are at one point."""
    found = []
    for metric in metrics:
        if metric not in study.cube:
            continue
        estimate = t_interval(study.cube.at(point, metric))
        if estimate.n == 0:
            continue
        unit = unit_of(study.cube.unit(metric), metric)
        mean, low, high = (float(v) * unit.scale for v in (estimate.mean, estimate.low, estimate.high))
        decimals = decimals_for((high - low) / 2, mean)
        interval = f" [{number(low, decimals)}, {number(high, decimals)}]" if np.isfinite(low) and low < high else ""
        phrase, _ = metric_phrase(metric)
        found.append(f"{upper_first(phrase)}: {unit.before}{number(mean, decimals)}{interval}{unit.after}")
    return found


def sentence(lead: str, claim: Claim) -> str:
    """Join a lead and a claim: "Mall opt-in raised ...: orders of rival couriers fall by ..."."""
    doubt = f"; not significant after adjustment for {claim.family} comparisons" if claim.doubtful else ""
    return f"{lead}: {lower_first(claim.text)}{doubt}."
