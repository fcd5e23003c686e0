"""`galleria merge`: the parts of one sweep, done on several machines, put together."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import DIR, command

if TYPE_CHECKING:
    from galleria.experiments.design.model import Model
    from galleria.experiments.results.folder import Folder


@command(
    "  galleria sweep experiment=driver_supply_x_opt_in --part 1/2  # 2/2 elsewhere\n"
    "  galleria merge part_one part_two --into whole"
)
@click.argument("folders", type=DIR, nargs=-1, required=True, metavar="DIR...")
@click.option("--into", type=DIR, required=True, metavar="DIR", help="The new folder.")
def merge(folders: Sequence[Path], into: Path) -> int:
    """Put the parts of one sweep together, done on several machines."""
    from galleria.experiments.galleria import Galleria
    from galleria.experiments.results.folder import Folder

    return merge_folders([Folder(folder.resolve()) for folder in folders], Folder(into.resolve()), Galleria())


def merge_folders(sources: "Sequence[Folder]", into: "Folder", model: "Model") -> int:
    """Put the runs of several folders of one plan together, and report if the plan is whole."""
    from galleria.experiments.results.collect import collect
    from galleria.experiments.sweep.conclusion import conclude

    seconds = _check(sources, into)
    into.check_writable()
    with into.locked():
        into.open_session()
        for source in sources:
            _take_over(source, into)
        collected = collect(into, seconds)
    if collected.missing:
        missing = f"{collected.missing} of {collected.planned} runs are in none of the folders"
        click.echo(f"galleria: {missing}; the same sweep with run.output={into.path} does them", err=True)
        return 1
    return conclude(into, model, quiet=False)


def _check(sources: "Sequence[Folder]", into: "Folder") -> float:
    """Raise UsageError unless the folders can be merged; return the seconds that were spent on them."""
    from galleria.models.errors import UsageError

    provenances = [source.read_provenance() for source in sources]
    keys = [provenance["plan_key"] for provenance in provenances]
    if len(set(keys)) > 1:
        listed = ", ".join(f"{source.path} ({key[:12]})" for source, key in zip(sources, keys, strict=True))
        raise UsageError(f"only folders of one plan can be merged; these are of several: {listed}")
    if into.path.exists() and any(into.path.iterdir()):
        raise UsageError(f"{into.path} is not empty: choose another folder")
    whole = [source for source in sources if not source.runs.is_dir()]
    if whole:
        raise UsageError(f"{whole[0].path} has no single runs left: it is whole already, or was never run")
    return sum(float(provenance.get("seconds") or 0.0) for provenance in provenances)


def _take_over(source: "Folder", into: "Folder") -> None:
    """Copy a folder's runs, a finished one before a failed one, and its plan."""
    from galleria.experiments.results import runfile
    from galleria.experiments.results.folder import write_bytes

    there = dict(runfile.finished_runs(into.runs))
    for key, status in runfile.finished_runs(source.runs):
        if there.get(key) == "done" or there.get(key) == status:
            continue
        name = runfile.file_name(key, status)
        write_bytes(into.runs / name, (source.runs / name).read_bytes())
        if status == "done" and there.get(key) == "failed":
            (into.runs / runfile.file_name(key, "failed")).unlink()
    for name in ("plan.parquet", "config.yaml", "provenance.json"):
        write_bytes(into.path / name, (source.path / name).read_bytes())
