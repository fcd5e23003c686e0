"""The search for an optimum as the engine does it (`design=optimise`): round after round, then the check.

What is tried next is a function of the finished runs and the design's seed alone, and is written down before it runs.
So a search that was interrupted goes on as it would have, to the same bytes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from galleria.experiments.design.factors import Point
from galleria.experiments.design.measure_names import no_such_measure
from galleria.experiments.design.plan import Plan
from galleria.experiments.results.folder import Folder, write_json
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.statistics.optimum import propose
from galleria.experiments.sweep.search_record import Record, Seen, look_at
from galleria.experiments.sweep.stopping import measured_in
from galleria.models.errors import UsageError

Extend = Callable[[Plan, Sequence[Point]], tuple[Plan, list[str]]]
"""Gives a plan with those of some points that are possible and new, and what was wrong with others."""


@dataclass(frozen=True)
class Search:
    """Adds points to a plan.

    Attributes
    ----------
    extend
        Makes points part of a plan.
    """

    extend: Extend

    def restored(self, folder: Folder, plan: Plan) -> Plan:
        """Return the plan as far as the search of a folder has come."""
        record = Record.read(folder.read_provenance()["search"])
        for points in record.rounds:
            plan, _ = self.extend(plan, points)
        return _with_check(plan, record)

    def grown(self, folder: Folder, plan: Plan) -> Plan | None:
        """Return the plan with the points that its results ask for; None when the search has ended."""
        record = Record.read(folder.read_provenance()["search"])
        if record.ended:
            return None
        seen = look_at(record, plan.points, _values(folder, plan, record))
        if seen is None:
            _write(folder, record.ends(None, "the runs of the baseline point, or nearly all others, failed"))
            return None
        if len(record.rounds) < int(plan.design.rounds or 0):
            grown, refused = self.extend(plan, _proposed(record, plan, seen))
            if points := grown.points[len(plan.points) :]:
                _write(folder, replace(record, rounds=(*record.rounds, points), refused=(*record.refused, *refused)))
                return grown
            reason = "no further level was left to try" if not refused else "the levels to try were refused"
            record = replace(record, refused=(*record.refused, *refused))
        else:
            reason = "all rounds are done"
        record = record.ends(seen.best(), reason)
        if record.winner:
            record = replace(record, checked=len(plan.points))
        _write(folder, record)
        return _with_check(plan, record) if record.winner else None


def _proposed(record: Record, plan: Plan, seen: Seen) -> list[Point]:
    """Return the points of the next round."""
    best = seen.best()
    tried = {tuple(point.values()) for point in plan.points}
    near = plan.points[0 if best is None else best]
    seed = (int(plan.design.seed or 0), len(record.rounds))
    candidates = [point for point in record.space.candidates(near, seed) if tuple(point.values()) not in tried]
    if not candidates:
        return []
    rows = propose(
        seen.objective,
        seen.limits,
        seen.shares[~seen.failed],
        record.space.encode(candidates),
        int(plan.design.batch or 1),
        seen.noise,
    )
    return [candidates[row] for row in rows]


def _with_check(plan: Plan, record: Record) -> Plan:
    """Add the winner once more, on replications that the search has not seen, which the baseline runs too."""
    if not record.winner:
        return plan
    plan = plan.with_points([plan.points[record.winner]], [plan.trees[record.winner]])
    last = record.replications + record.check
    return replace(plan, own_replications={0: (0, last), len(plan.points) - 1: (record.replications, last)})


def _values(folder: Folder, plan: Plan, record: Record) -> dict[str, Floats]:
    """Read the measures of the searched points, float64[points, replications] each."""
    names = record.metrics()
    long = measured_in(folder, plan, names)
    known = sorted(set(long["metric"]))
    if len(long) and (wrong := [name for name in names if name not in known]):
        every = sorted(set(measured_in(folder, plan, None)["metric"]))
        raise UsageError([no_such_measure("design.objective or design.limits", name, every) for name in wrong])
    return {name: _table(long[long["metric"] == name], record) for name in names}


def _table(long: pd.DataFrame, record: Record) -> Floats:
    values = np.full((record.points, record.replications), np.nan)
    values[long["point"].to_numpy(int), long["replication"].to_numpy(int)] = long["value"].to_numpy(float)
    return values


def _write(folder: Folder, record: Record) -> None:
    write_json(folder.provenance, folder.read_provenance() | {"search": record.as_json()})
