"""The market of this project as the engine sees it: a `Model` over agents/ and models/."""

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from galleria.experiments.design.draws import NODE, at_replication, without_draws
from galleria.experiments.design.model import Outcome, Tree
from galleria.experiments.design.plausible import far_from_plausible
from galleria.models.errors import UsageError


class Galleria:
    """The market of this project.

    Parameters
    ----------
    pictures
        What the pictures of its reports are saved as.
    papers
        Manuscripts that its reports have beside the page.
    """

    def __init__(self, pictures: Sequence[str] = ("png",), papers: Sequence[str] = ()) -> None:
        self._pictures, self._papers = tuple(pictures), tuple(papers)

    def version(self) -> str:
        """Name release and a digest of the source: an edited rule is another model."""
        from galleria.models.version import source_digest  # noqa: PLC0415

        return f"{version('galleria')}+{source_digest()}"

    def check(self, tree: Tree) -> dict[str, Any]:
        """Validate by `galleria.models.settings.validation`, and by what conf/ calls plausible."""
        from galleria.models.settings.validation import validate  # noqa: PLC0415 (slow: only when something runs)

        plain, draws = without_draws(tree)
        checked = validate(plain).model_dump(mode="json")
        if far := far_from_plausible(checked):
            raise UsageError(far)
        if not draws:
            return checked
        told = {name: tree[NODE][name] for name in ("draws", "followers") if tree[NODE].get(name)}
        return {**checked, NODE: told}

    def measures(self) -> Sequence[str]:
        """List the registry of measures."""
        from galleria.models.measures import registry  # noqa: PLC0415

        return [measure.name for measure in registry()]

    def shared(self, tree: Tree) -> Any:
        """Return the city's settings and the zones that policies name in it."""
        zones = {name: each["zones"] for name, each in (tree["policy"] or {}).items() if (each or {}).get("zones")}
        return tree["city"] if not zones else {"city": tree["city"], "zones": zones}

    def prepare(self, tree: Tree) -> Any:
        """Build the city; check that it has the zones that policies name, and that observed shares can be reached."""
        from galleria.agents.regulator.schedule import absent_zones  # noqa: PLC0415
        from galleria.models.city import build_city  # noqa: PLC0415
        from galleria.models.opening.calibration import channel_constants  # noqa: PLC0415
        from galleria.models.settings.validation import validate  # noqa: PLC0415

        settings = validate(without_draws(tree)[0])
        city = build_city(settings.city)
        if absent := absent_zones(settings.policy, city.zones.n):
            raise UsageError(absent)
        if settings.traffic.congestion is None:
            channel_constants(settings, city)
        return city

    def simulate(self, tree: Tree, prepared: Any, replication: int) -> Outcome:
        """Run the market for one replication."""
        from galleria.models.settings.validation import validate  # noqa: PLC0415
        from galleria.models.simulate import simulate  # noqa: PLC0415

        outcome: Outcome = simulate(validate(at_replication(tree, replication)), prepared, replication)
        return outcome

    def report(self, folder: Path) -> tuple[Path, list[str]]:
        """Write report/index.html."""
        from galleria.experiments.report import build_report, findings  # noqa: PLC0415 (slow: figures)
        from galleria.experiments.results import load  # noqa: PLC0415

        return build_report(folder, self._pictures, self._papers), findings(load(folder))
