"""Plans that grow by what they find: replications until enough is known, or points until the best is found."""

from collections.abc import Callable
from typing import Protocol

from galleria.experiments.design.plan import Plan
from galleria.experiments.design.request import Request
from galleria.experiments.results.folder import Folder, write_json
from galleria.experiments.sweep.calibrating import Calibrating
from galleria.experiments.sweep.search import Extend, Search
from galleria.experiments.sweep.stopping import look


class Growth(Protocol):
    """A rule by which a plan grows."""

    def restored(self, folder: Folder, plan: Plan) -> Plan:
        """Return the plan as far as a folder has come with it."""

    def grown(self, folder: Folder, plan: Plan) -> Plan | None:
        """Return the plan with what its results ask for; None when they are enough."""


class Fixed:
    """Most plans: what is to be run is known before anything runs."""

    def restored(self, folder: Folder, plan: Plan) -> Plan:  # noqa: ARG002 (the protocol)
        """Return the plan."""
        return plan

    def grown(self, folder: Folder, plan: Plan) -> None:
        """Ask for nothing."""


class MoreReplications:
    """Adds replications until the measures are known well enough (`run.replications=auto`)."""

    def restored(self, folder: Folder, plan: Plan) -> Plan:
        """Return the plan with the replications that a folder has come to."""
        return plan.extended(int(folder.read_provenance()["replications"]))

    def grown(self, folder: Folder, plan: Plan) -> Plan | None:
        """Look at the measures; write down what was seen."""
        if plan.stopping is None:
            raise AssertionError
        seen = look(folder, plan, plan.stopping)
        write_json(folder.provenance, folder.read_provenance() | {"stopping": seen.record()})
        return None if seen.decision.stop else plan.extended(seen.decision.next_n)


def growth_of(plan: Plan, extend: Extend, request: Request, tell: Callable[[str], None]) -> Growth:
    """Return the rule by which a plan grows.

    Parameters
    ----------
    plan
        As it was asked for.
    extend
        Makes points part of a plan.
    request
        What was asked.
    tell
        Says how far a calibration is.
    """
    if plan.design.kind == "calibrate":
        return Calibrating(extend, request, tell)
    if plan.design.kind == "optimise":
        return Search(extend)
    return Fixed() if plan.stopping is None else MoreReplications()
