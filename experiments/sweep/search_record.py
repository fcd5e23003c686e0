"""What a search was asked and what it did, as provenance.json tells it, and what its results say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from galleria.experiments.design.designs import DesignSettings
from galleria.experiments.design.factors import FactorSettings, Point
from galleria.experiments.design.limits import LimitSettings
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.search_space import Space
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.optimum import Limited, Response, best_of


@dataclass(frozen=True)
class Record:
    """A search.

    Attributes
    ----------
    objective
        Measure -> weight.
    sense
        "maximise" or "minimise".
    limits
        Measure -> what it has to be kept between.
    factors
        By config key.
    first
        Points of the first round, the baseline among them as number 0.
    replications, check
        Replications of each point, and fresh ones of winner and baseline.
    rounds
        Points of the further rounds.
    refused
        What was wrong with proposed points that no run was made of.
    ended
        Why the search ended; empty while it goes on.
    winner
        Number of the best point.
    checked
        Number under which the winner was run again on fresh replications.
    """

    objective: dict[str, float]
    sense: str
    limits: dict[str, LimitSettings]
    factors: dict[str, FactorSettings]
    first: int
    replications: int
    check: int
    rounds: tuple[tuple[Point, ...], ...] = ()
    refused: tuple[str, ...] = ()
    ended: str = ""
    winner: int | None = None
    checked: int | None = None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Begin the record of a plan whose first round stands."""
        design: DesignSettings = plan.design
        return cls(
            objective=design.objective,
            sense=str(design.sense),
            limits=design.limits,
            factors=plan.factors,
            first=len(plan.points),
            replications=plan.replications,
            check=int(design.check or 0),
        )

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Read what `as_json` gave."""
        return cls(
            **{
                **content,
                "limits": {key: LimitSettings.model_validate(node) for key, node in content["limits"].items()},
                "factors": {key: FactorSettings.model_validate(node) for key, node in content["factors"].items()},
                "rounds": tuple(tuple(points) for points in content["rounds"]),
                "refused": tuple(content["refused"]),
            }
        )

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain values."""
        return {
            **vars(self),
            "limits": {key: limit.model_dump(mode="json") for key, limit in self.limits.items()},
            "factors": {key: factor.model_dump(mode="json") for key, factor in self.factors.items()},
            "rounds": [list(points) for points in self.rounds],
            "refused": list(self.refused),
        }

    @property
    def space(self) -> Space:
        """Return the space that is searched."""
        return Space(self.factors)

    @property
    def points(self) -> int:
        """Count the points that were searched."""
        return self.first + sum(map(len, self.rounds))

    @property
    def sign(self) -> float:
        """Return 1 for a search for the largest, -1 for the smallest."""
        return 1.0 if self.sense == "maximise" else -1.0

    def metrics(self) -> tuple[str, ...]:
        """Name the measures that are looked at."""
        return tuple(dict.fromkeys([*self.objective, *self.limits]))

    def objective_of(self, values: Mapping[str, Floats]) -> Floats:
        """Return the weighted sum of measures, arrays of one shape."""
        return np.asarray(sum(weight * values[metric] for metric, weight in self.objective.items()))

    def ends(self, winner: int | None, reason: str) -> "Record":
        """Return the record of the ended search."""
        return replace(self, winner=winner, ended=reason)


@dataclass(frozen=True)
class Seen:
    """What the searched points gave.

    Attributes
    ----------
    shares
        float64[points, columns], where they lie.
    failed
        bool[points], those of which no run came to its end.
    objective
        Difference of the objective from the baseline point, signed so that more is better.
    limits
        The limited measures.
    noise
        Variance that a point's mean difference has.
    """

    shares: Floats
    failed: NDArray[np.bool_]
    objective: Response
    limits: tuple[Limited, ...]
    noise: float

    def best(self) -> int | None:
        """Return the number of the best point; None where no point rather keeps the limits."""
        row = best_of(self.objective, self.limits, self.shares[~self.failed])
        return None if row is None else int(np.flatnonzero(~self.failed)[row])


def look_at(record: Record, points: Sequence[Point], values: Mapping[str, Floats]) -> Seen | None:
    """Fit what the searched points gave.

    Parameters
    ----------
    record
        What is sought.
    points
        The points, the baseline first.
    values
        Measure -> float64[points, replications]; NaN where a run failed.

    Returns
    -------
    None where the baseline point or all others failed. A point that failed counts as the worst there is, so that the
    search leaves its neighbourhood.
    """
    total = record.sign * record.objective_of(values)
    differences = total - total[0]
    ran = np.isfinite(differences).any(axis=1)
    for metric in record.limits:
        ran &= np.isfinite(values[metric]).any(axis=1)
    if not ran[0] or ran.sum() < 2:
        return None
    shares = record.space.encode(points)
    limits = []
    for metric, limit in record.limits.items():
        level, doubt = _means(values[metric][ran])
        ends = (np.nan if end is None else end for end in (limit.least, limit.most))
        limits.append(Limited(Response.fit(shares[ran], level, doubt), *ends))
    mean, noise = _means(differences[ran])
    usual = float(noise[1:].mean())
    noise[0] = 0.0  # the difference of the baseline from itself
    means, noises = np.full(len(ran), mean.min()), np.full(len(ran), usual)
    means[ran], noises[ran] = mean, noise
    return Seen(shares, ~ran, Response.fit(shares, means, noises), tuple(limits), usual)


def _means(values: Floats) -> tuple[Floats, Floats]:
    """Return each row's mean and its variance, from the spread that all rows have together, float64[n] each."""
    n = np.isfinite(values).sum(axis=1)
    mean = np.nanmean(values, axis=1)
    squares = np.nansum((values - mean[:, None]) ** 2)
    spread = squares / max(int((n - 1).sum()), 1)
    return mean, spread / n
