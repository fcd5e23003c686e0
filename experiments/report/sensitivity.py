"""Designs over many factors: which matter, how well a surface predicts, how often a sign holds."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from galleria.experiments.figures.sensitivity import Sensitivity, plot_sensitivity
from galleria.experiments.report.charts import Chart, Section, slug
from galleria.experiments.report.comparing import HEADLINE_METRICS, Claim
from galleria.experiments.report.study import Factor, Study, Value
from galleria.experiments.report.tables import Table
from galleria.experiments.report.words import (
    NARROW,
    decimals_for,
    lower_first,
    metric_phrase,
    metric_title,
    number,
    unit_of,
    upper_first,
)
from galleria.experiments.statistics import Indices, fit_surface, morris, sign_stability, sobol, t_interval

_BOOTSTRAP_SEED = 1
_MOST_OUTCOMES = 4
_MOST_FITTED = 20

_NAMES = {"mu_star": "mean size", "sigma": "spread", "S1": "alone", "ST": "with interactions"}


def indices_of(study: Study, metric: str) -> Indices | None:
    """Compute the indices that the design was made for; None for other designs and where too many runs failed."""
    design: dict[str, Any] = study.results.provenance.get("design") or {}
    if design.get("kind") not in {"morris", "sobol_indices"} or "rows" not in design:
        return None
    rows = [study.cube.row(int(point)) for point in design["rows"]]
    values = study.cube.of(metric)[rows]
    try:
        if design["kind"] == "morris":
            return morris(design["sample"], values, _BOOTSTRAP_SEED)
        second = bool(design.get("second_order"))
        return sobol(values, len(design["varied"]), _BOOTSTRAP_SEED, second_order=second)
    except ValueError:
        return None


def sensitivity_section(study: Study) -> Section | None:
    """Draw Morris or Sobol indices, one chart an outcome."""
    found = [
        (metric, indices)
        for metric in HEADLINE_METRICS
        if metric in study.cube and (indices := indices_of(study, metric)) is not None
    ][:_MOST_OUTCOMES]
    if not found:
        return None
    kind = study.results.provenance["design"]["kind"]
    used, noise = found[0][1].used, [indices.noise_share for _, indices in found]
    if kind == "morris":
        reading = (
            f"An elementary effect is the change of an outcome when one factor moves through its whole range from a "
            f"random start. Means of their sizes over {used} trajectories tell which factors matter; a spread as large "
            "as the mean tells that the effect bends or hangs on other factors."
        )
    else:
        reading = (
            f"The share of an outcome's variance that each factor explains, alone and with all its interactions, "
            f"from {used} base points. A gap between the two marks is interaction."
        )
    known = [share for share in noise if np.isfinite(share)]
    stays, out = "Replications were averaged, so that chance stays in", "Chance of replications is taken out"
    treated = stays if kind == "morris" else out
    chance = (
        f"{treated}; it makes up to {100 * max(known):.1f}{NARROW}% of the variance between the points' averages."
        if known
        else "With one replication a point, chance cannot be told from effects."
    )
    over = "trajectories" if kind == "morris" else "base points"
    return Section(
        key="sensitivity",
        title="Which factors matter",
        paragraphs=(reading, chance),
        charts=tuple(_chart(study, metric, indices, kind) for metric, indices in found),
        note=f"95 % bootstrap intervals over {over}, n\u00a0=\u00a0{used}.",
    )


def _chart(study: Study, metric: str, indices: Indices, kind: str) -> Chart:
    keys = study.results.provenance["design"]["varied"]
    shown = indices.frame[indices.frame["index"].isin(list(_NAMES))]
    leading = shown[shown["index"].isin(["mu_star", "ST"])].sort_values("value", ascending=False)["factor"]
    scale = unit_of(study.cube.unit(metric), metric).scale if kind == "morris" else 1.0
    labels = [_label(study, key) for key in keys]
    frame = pd.concat([shown[shown["factor"] == factor] for factor in leading]).assign(
        factor=lambda rows: [labels[int(i)] for i in rows["factor"]],
        index=lambda rows: rows["index"].map(_NAMES),
        **{end: lambda rows, end=end: rows[end] * scale for end in ("value", "low", "high")},
    )
    title = metric_title(metric, study.cube.unit(metric))
    outcome = title if kind == "morris" else upper_first(metric_phrase(metric)[0])
    x_label = "Elementary effect" if kind == "morris" else "Share of the variance"
    first = frame.iloc[0]
    return Chart(
        name=f"sensitivity-{slug(metric)}",
        draw=partial(plot_sensitivity, Sensitivity(frame, outcome, x_label)),
        frame=frame,
        caption=f"{x_label} of each factor on {lower_first(outcome)}, the strongest first.",
        alt=f"Indices of {len(labels)} factors for {outcome}; the strongest is {first['factor']}.",
    )


def _label(study: Study, key: str) -> str:
    return next((factor.label for factor in study.factors if factor.key == key), key)


def sensitivity_claims(study: Study) -> list[Claim]:
    """Say which factor each headline metric hangs on most, where the design was made for it."""
    found = []
    for metric in HEADLINE_METRICS:
        indices = indices_of(study, metric) if metric in study.cube else None
        if indices is None:
            continue
        kind = study.results.provenance["design"]["kind"]
        rows = indices.frame[indices.frame["index"] == ("mu_star" if kind == "morris" else "ST")]
        phrase, plural = metric_phrase(metric)
        rows = rows[np.isfinite(rows["value"])]
        if rows.empty:  # what does not vary has no indices
            found.append(Claim(metric, f"{phrase} {'do' if plural else 'does'} not vary", clear=False))
            continue
        top = rows.sort_values("value").iloc[-1]
        label = lower_first(_label(study, study.results.provenance["design"]["varied"][int(top["factor"])]))
        hang = "hang" if plural else "hangs"
        if kind == "morris":
            unit = unit_of(study.cube.unit(metric), metric)
            value, low, high = (float(top[name]) * unit.scale for name in ("value", "low", "high"))
            digits = decimals_for((high - low) / 2, value)
            size = f"{unit.before}{number(value, digits)} [{number(low, digits)}, {number(high, digits)}]"
            words = f"{size}{unit.after_difference} over its range"
        else:
            value, low, high = (100 * float(top[name]) for name in ("value", "low", "high"))
            words = f"{value:.0f}{NARROW}% [{low:.0f}, {high:.0f}] of the variance, interactions included"
        found.append(Claim(metric, f"{phrase} {hang} most on {label} ({words})", clear=True))
    return found


def unit_cube(study: Study) -> NDArray[np.float64]:
    """Scale the points' levels to the unit cube, float64[points, factors]; categories by their number."""
    declared = {str(f["key"]): f for f in study.results.provenance.get("factors") or []}
    columns = []
    for factor in study.factors:
        if not factor.numeric:
            number_of = {value: i / (len(factor.levels) - 1) for i, value in enumerate(factor.levels)}
            columns.append(study.settings[factor.key].map(number_of).to_numpy(float))
            continue
        levels = study.settings[factor.key].to_numpy(float)
        if declared.get(factor.key, {}).get("scale") == "log":
            levels = np.log(levels)
        columns.append((levels - np.nanmin(levels)) / (np.nanmax(levels) - np.nanmin(levels)))
    return np.column_stack(columns)


def surface_table(study: Study) -> Table | None:
    """Fit a surface to each headline metric of a scattered design and tell how well it predicts."""
    if study.shape != "scattered" or len(study.factors) > _MOST_FITTED:
        return None
    rows, cube = [], unit_cube(study)
    for metric in HEADLINE_METRICS:
        if metric not in study.cube:
            continue
        values = t_interval(study.cube.of(metric)).mean
        try:
            fitted = fit_surface(cube, values)
        except ValueError:
            continue
        unit = unit_of(study.cube.unit(metric), metric)
        error, spread = fitted.error * unit.scale, float(np.nanstd(values)) * unit.scale
        digits = decimals_for(spread, spread)
        explained = f"{100 * max(fitted.explained, 0.0):.0f}{NARROW}%" if np.isfinite(fitted.explained) else "\u2013"
        title = metric_title(metric, study.cube.unit(metric))
        rows.append((metric, (title, fitted.kind, number(error, digits), number(spread, digits), explained)))
    head = ("Outcome", "Better surface", "Error of left-out points", "Spread of the points", "Explained")
    return Table(head, tuple(rows)) if rows else None


def sign_claims(study: Study) -> list[Claim]:
    """Say how often the sign of a crossed factor's effect holds over the points of a scattered design."""
    found = []
    for factor, other, pairs in crossed_pairs(study):
        metrics = [metric for metric in HEADLINE_METRICS if metric in study.cube and len(pairs)]
        found += [_sign_claim(study, factor, other, metric, pairs) for metric in metrics]
    return found


def crossed_pairs(study: Study) -> Iterator[tuple[Factor, Value, NDArray[np.int64]]]:
    """Yield each crossed factor, each level but its first, and the rows of points with either, int64[pairs, 2]."""
    crossed = (study.results.provenance.get("design") or {}).get("crossed") or []
    for factor in (f for f in study.factors if f.key in crossed):
        for other in factor.levels[1:]:
            yield factor, other, _pairs(study, factor, factor.levels[0], other)


def _pairs(study: Study, factor: Factor, home: object, other: object) -> NDArray[np.int64]:
    """Return the rows of the points that differ in this factor only, int64[pairs, 2]."""
    keys = [f.key for f in study.factors if f.key != factor.key]
    table = study.settings.reset_index()
    first, second = (table[table[factor.key] == value] for value in (home, other))
    both = first.merge(second, on=keys, suffixes=("_a", "_b"))
    return np.searchsorted(study.cube.points, both[["point_a", "point_b"]].to_numpy(np.int64))


def _sign_claim(study: Study, factor: Factor, other: object, metric: str, pairs: NDArray[np.int64]) -> Claim:
    values = study.cube.of(metric)
    found = sign_stability(values[pairs[:, 1]], values[pairs[:, 0]])
    phrase, plural = metric_phrase(metric)
    verb = ("rise" if found.sign > 0 else "fall") + ("" if plural else "s")
    home, away = factor.words(factor.levels[0]), factor.words(other)  # type: ignore[arg-type]
    lead = f"{lower_first(factor.label)} {home} \u2192 {away}: {phrase}"
    if found.sign == 0:
        unmoved = f"{lead} {'do' if plural else 'does'} not change at any of {found.points} points"
        return Claim(metric, unmoved, clear=False)
    same = round(found.share * found.points)
    sure = found.positive if found.sign > 0 else found.negative
    text = (
        f"{lead} {verb} at {same} of {found.points} points "
        f"({100 * found.share:.0f}{NARROW}% [{100 * found.low:.0f}, {100 * found.high:.0f}]), at {sure} of them clearly"
    )
    return Claim(metric, text, clear=found.low > 0.5 and sure > 0)
