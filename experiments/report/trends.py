"""What a design that varies everything at once shows: which factor each metric follows."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from galleria.experiments.report.comparing import HEADLINE_METRICS, Claim
from galleria.experiments.report.study import Factor, Study
from galleria.experiments.report.words import MINUS, lower_first, metric_phrase
from galleria.experiments.statistics import LEVEL, t_interval

_FEWEST_POINTS = 8


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation with its 95 % interval."""

    rho: float
    low: float
    high: float


def rank_correlation(x: np.ndarray, y: np.ndarray) -> RankCorrelation:
    """Correlate the ranks of two samples, float64[n] each without NaN.

    The interval is Fisher's on the transformed scale with the standard error 1.03 / sqrt(n - 3) of Fieller,
    Hartley and Pearson (1957, Biometrika 44, 470-481).
    """
    if min(np.ptp(x), np.ptp(y)) == 0:
        return RankCorrelation(np.nan, np.nan, np.nan)
    from scipy.stats import rankdata  # noqa: PLC0415 (slow to import)

    rho = float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])
    # Ranks in perfect order are taken as half-way to the next value that ranks can have, or no doubt would be left.
    most = 1 - 6 / (x.size * (x.size**2 - 1))
    z = np.arctanh(np.clip(rho, -most, most))
    reach = ndtri((1 + LEVEL) / 2) * 1.03 / np.sqrt(x.size - 3)
    return RankCorrelation(rho, float(np.tanh(z - reach)), float(np.tanh(z + reach)))


def trend_claims(study: Study) -> list[Claim]:
    """Say for each headline metric which numeric factor it follows most, over the points of the design."""
    numeric = [factor for factor in study.factors if factor.numeric]
    claims = []
    for metric in HEADLINE_METRICS:
        if metric not in study.cube:
            continue
        mean = t_interval(study.cube.of(metric)).mean
        seen = np.isfinite(mean)
        if seen.sum() < _FEWEST_POINTS:
            continue
        found = [
            (factor, rank_correlation(study.settings[factor.key].to_numpy(float)[seen], mean[seen]))
            for factor in numeric
        ]
        known = [(factor, r) for factor, r in found if np.isfinite(r.rho)]
        if known:
            claims.append(_claim(metric, *max(known, key=lambda pair: abs(pair[1].rho))))
    return claims


def _claim(metric: str, factor: Factor, r: RankCorrelation) -> Claim:
    phrase, plural = metric_phrase(metric)
    numbers = f"rank correlation {r.rho:.2f} [{r.low:.2f}, {r.high:.2f}]".replace("-", MINUS)
    if r.low <= 0 <= r.high:
        verb = "follow" if plural else "follows"
        return Claim(metric, f"{phrase} {verb} no factor that can be seen ({numbers} at most)", clear=False)
    verb = ("rise" if r.rho > 0 else "fall") + ("" if plural else "s")
    text = f"{phrase} {verb} most clearly with {lower_first(factor.label)} ({numbers})"
    return Claim(metric, text, clear=True)
