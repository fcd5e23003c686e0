"""Adding replications until what is asked for is known well enough (`run.replications=auto`)."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from galleria.experiments.design.plan import Plan
from galleria.experiments.design.questions import StoppingSettings
from galleria.experiments.results import runfile
from galleria.experiments.results.folder import Folder
from galleria.experiments.statistics.stopping import Decision, StoppingRule, Target


@dataclass(frozen=True)
class Look:
    """A look at the measures so far."""

    decision: Decision
    replications: int

    def record(self) -> dict[str, Any]:
        """Describe it for provenance.json."""
        return {
            "replications": self.replications,
            "stopped": self.decision.stop,
            "reached": self.decision.reached,
            "reason": self.decision.reason,
        }


def look(folder: Folder, plan: Plan, stopping: StoppingSettings) -> Look:
    """Decide whether the plan's replications are enough.

    Each point's difference from the baseline point is judged, paired by replication; without a baseline, its mean.
    """
    long = measured_in(folder, plan, tuple(stopping.metrics))
    targets: dict[str, Target] = {}
    measured: dict[str, Any] = {}
    for metric, target in stopping.metrics.items():
        values = long[long["metric"] == metric].pivot_table(index="point", columns="replication", values="value")
        values = values.reindex(index=range(len(plan.points)), columns=range(plan.replications))
        if plan.baseline is not None and len(plan.points) > 1:
            values = (values - values.loc[plan.baseline]).drop(index=plan.baseline)
        for point, row in values.iterrows():
            name = f"{metric} at point {point}"
            targets[name] = Target(absolute=target.absolute, relative=target.relative)
            measured[name] = row.to_numpy(float)
    rule = StoppingRule(targets, stopping.fewest, stopping.most)
    return Look(rule.decide(measured), plan.replications)


def measured_in(folder: Folder, plan: Plan, metrics: tuple[str, ...] | None) -> pd.DataFrame:
    """Read the named metrics, or all, of the runs that are done."""
    frames = []
    for run in plan.runs:
        path = folder.runs / runfile.file_name(run.key, "done")
        if path.exists() and (table := runfile.read(path).metrics) is not None:
            frame = table.to_pandas()
            named = frame if metrics is None else frame[frame["metric"].isin(metrics)]
            frames.append(named.assign(point=run.point, replication=run.replication))
    empty = pd.DataFrame(columns=["metric", "unit", "value", "point", "replication"])
    return pd.concat(frames) if frames else empty
