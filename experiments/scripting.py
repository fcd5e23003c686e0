"""What scripts and notebooks ask for, in one line each; `import galleria` gives all of it.

Overrides are those of the command line: `["city=grid", "drivers.pool=300", "policy=min_pay_seattle"]`.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from galleria.experiments.design.compose import CONF, Source
from galleria.experiments.design.one_node import one_tree
from galleria.experiments.design.plausible import far_from_plausible
from galleria.experiments.galleria import Galleria
from galleria.experiments.results import Results, load
from galleria.experiments.results.comparison import compare
from galleria.experiments.sweep.calibration_command import calibration_command
from galleria.experiments.sweep.command import Command, quoted
from galleria.experiments.sweep.execute import execute
from galleria.models.city import City, build_city
from galleria.models.errors import UsageError
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import settings_in
from galleria.models.simulate import open_market

__all__ = ["calibrate", "city", "compare", "market", "run", "settings", "sweep"]


def settings(overrides: Sequence[str] = (), *, config_dir: Path | None = None) -> Settings:
    """Return the settings of one design point.

    Parameters
    ----------
    overrides
        As on a command line.
    config_dir
        A researcher's own folder of YAML.

    Raises
    ------
    UsageError
        With all problems: unknown keys, values out of range, overrides that name several values.

    Examples
    --------
    >>> import galleria
    >>> galleria.settings(["city=toy", "drivers.pool=60"]).drivers.pool
    60
    """
    tree = one_tree(overrides, "a script", config_dir)
    point = settings_in(tree)
    if far := far_from_plausible(point.model_dump(mode="json")):
        raise UsageError(far)
    return point


def city(overrides: Sequence[str] = ()) -> City:
    """Return the city of one design point, built or read from the cache.

    Examples
    --------
    >>> import galleria
    >>> town = galleria.city(["city=toy"])
    >>> town.places.n == len(town.places.households)
    True
    """
    return build_city(settings(overrides).city)


def market(overrides: Sequence[str] = (), *, replication: int = 0, rng: int | None = None) -> Market:
    """Make a market that has not run, and that collects its series, in its city, which is built or read from the cache.

    Parameters
    ----------
    overrides
        As on a command line.
    replication, rng
        See `Market`.

    Raises
    ------
    UsageError
        With all problems.

    Examples
    --------
    >>> import galleria
    >>> town = galleria.market(["city=toy", "drivers.pool=60"])
    >>> town.step()
    >>> town.running
    True
    """
    point = settings(overrides)
    return open_market(point, build_city(point.city), replication, rng=rng, collect=True)


def run(overrides: Sequence[str] = (), *, replication: int = 0) -> Outcome:
    """Run one replication of one design point, and return its measures and tables; nothing is written.

    Examples
    --------
    >>> import galleria
    >>> measures = galleria.run(["city=toy", "drivers.pool=60"]).metrics
    >>> bool(measures.set_index("metric").value["orders_delivered"] > 0)
    True
    """
    point = settings(overrides)
    return open_market(point, build_city(point.city), replication).run()


def sweep(overrides: Sequence[str], output: str | Path, *, config_dir: Path | None = None) -> Results:
    """Do a sweep into a results folder, or go on with what is there of it; return its results.

    Parameters
    ----------
    overrides
        As of `galleria sweep`: several values to a key, `experiment=`, `design=`.
    output
        The results folder.
    config_dir
        A researcher's own folder of YAML.

    Raises
    ------
    UsageError
        With all problems, before anything runs. Runs that fail are in the results' `runs`.

    Examples
    --------
    >>> import galleria, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     results = galleria.sweep(["city=toy", "drivers.pool=40,60", "run.replications=2"], folder)
    ...     len(results.runs)
    Report: ...
    4
    """
    source = Source(CONF, extra=config_dir)
    return _results(Command(overrides=tuple(overrides), multirun=True, source=source), Path(output))


def calibrate(file: str | Path, output: str | Path, overrides: Sequence[str] = ()) -> Results:
    """Fit the parameters of a file to its moments, or go on with that; return the results.

    Parameters
    ----------
    file
        YAML of moments, parameters and what the market is; docs/calibration.md shows one.
    output
        The results folder; `calibration/` in it holds the fitted values and how well they are told.
    overrides
        What differs from the file.

    Raises
    ------
    UsageError
        With all problems, before anything runs.

    Examples
    --------
    >>> import galleria, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = pathlib.Path(name)
    ...     asked = "{moments: {drivers_online_mean: 4}, parameters: {drivers.pool: [20, 120]}, overrides: [city=toy]}"
    ...     _ = (folder / "town.yaml").write_text(asked)
    ...     few = ["run.replications=2", "design.points=4", "design.rounds=0", "design.starts=1", "design.steps=1"]
    ...     _ = galleria.calibrate(folder / "town.yaml", folder / "fitted", few)
    ...     (folder / "fitted" / "calibration" / "fitted.yaml").is_file()
    Report: ...
    True
    """
    return _results(calibration_command(Path(file), overrides), Path(output))


def _results(command: Command, output: Path) -> Results:
    """Do a command quietly into a folder; whatever is wrong is raised, not told."""
    folder = output.expanduser().resolve()
    into = (*command.overrides, f"run.output={quoted(str(folder))}")
    execute(replace(command, overrides=into, quiet=True, debug=True), Galleria())
    return load(folder)
