"""A calibration as the engine does it (`design=calibrate`): runs what the fit asks for, until it asks for nothing.

What is asked for is a function of the finished runs and the design's seed alone, and is written down before it runs. So
a calibration that was interrupted goes on as it would have.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from galleria.experiments.calibration.evaluations import Evaluations, NeedsRuns
from galleria.experiments.calibration.fit import fit
from galleria.experiments.calibration.outputs import write_outputs
from galleria.experiments.calibration.problem import Problem
from galleria.experiments.design.factors import Value
from galleria.experiments.design.plan import Plan, Run
from galleria.experiments.design.request import Request
from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder, write_json
from galleria.experiments.statistics.intervals import Floats
from galleria.experiments.sweep.search import Extend

NODE = "calibration"
"""Where provenance.json tells of a calibration."""


def begun() -> dict[str, Any]:
    """Return the record of a calibration of which nothing is known."""
    return {"rounds": [], "refused": [], "problems": [], "ended": ""}


@dataclass
class Calibrating:
    """Adds to a plan the points that a fit asks for.

    Attributes
    ----------
    extend
        Makes points part of a plan.
    request
        What the market was asked to be.
    tell
        Says how far the fit is.
    """

    extend: Extend
    request: Request
    tell: Callable[[str], None]
    _values: dict[str, Floats] = field(default_factory=dict)
    _proposed: dict[int, Floats] = field(default_factory=dict)

    def restored(self, folder: Folder, plan: Plan) -> Plan:
        """Return the plan as far as a folder has come with it."""
        for points in folder.read_provenance()[NODE]["rounds"]:
            plan, _ = self.extend(plan, points)
        return plan

    def grown(self, folder: Folder, plan: Plan) -> Plan | None:
        """Return the plan with the points that the fit asks for; None when it has come to its end."""
        record = folder.read_provenance()[NODE]
        problem = Problem.of(plan.design, plan.factors)
        first = list(plan.points[: len(plan.points) - sum(map(len, record["rounds"]))])
        nothing = np.full((plan.replications, len(problem.names)), np.nan)
        while True:
            known = self._known(folder, plan, problem)
            known |= {tuple(point.values()): nothing for point in record["refused"]}
            try:
                found = fit(problem, Evaluations(problem, known, self._proposed), plan.design, first)
            except NeedsRuns as needs:
                grown, problems = self.extend(plan, needs.points)
                points = list(grown.points[len(plan.points) :])
                taken = {tuple(point.values()) for point in points}
                record["refused"] += [point for point in needs.points if tuple(point.values()) not in taken]
                record["problems"] += problems
                if not points:
                    continue
                record["rounds"].append(points)
                _write(folder, record)
                self.tell(f"{needs.stage}: {len(points)} points, {len(points) * plan.replications} runs")
                return grown
            write_outputs(folder.path, plan, self.request, found)
            _write(folder, record | {"ended": "the fit has come to its end"})
            return None

    def _known(self, folder: Folder, plan: Plan, problem: Problem) -> dict[tuple[Value, ...], Floats]:
        """Return the moments of every point that was run."""
        points: dict[int, list[Floats]] = {}
        for run in plan.runs:
            points.setdefault(run.point, []).append(self._moments(folder, run, problem))
        return {tuple(plan.points[number].values()): np.array(rows) for number, rows in points.items()}

    def _moments(self, folder: Folder, run: Run, problem: Problem) -> Floats:
        """Return the moments float64[k] of a run; NaN where it failed or had nothing to measure."""
        if run.key not in self._values:
            path = folder.runs / runfile.file_name(run.key, "done")
            table = runfile.read(path).metrics if path.exists() else None
            measured = (
                {} if table is None else dict(zip(table["metric"].to_pylist(), table["value"].to_pylist(), strict=True))
            )
            row = [np.nan if (value := measured.get(name)) is None else float(value) for name in problem.names]
            self._values[run.key] = np.array(row)
        return self._values[run.key]


def _write(folder: Folder, record: dict[str, Any]) -> None:
    write_json(folder.provenance, folder.read_provenance() | {NODE: record})
