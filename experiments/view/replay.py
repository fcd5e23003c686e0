"""A recorded run as one HTML file that plays it."""

from collections.abc import Sequence
from pathlib import Path

from galleria.experiments.results.folder import write_text
from galleria.experiments.view.day import day_of
from galleria.experiments.view.film import FILMS, write_film
from galleria.experiments.view.ground import ground_of
from galleria.experiments.view.page import page_of
from galleria.experiments.view.paths import Paths
from galleria.experiments.view.recording import Recording, read_recording
from galleria.experiments.view.trips import WRITERS
from galleria.models.errors import UsageError


def write_page(folder: Path, target: Path, points: Sequence[int | None], replication: int | None = None) -> None:
    """Write the page that plays one run, or two side by side.

    Parameters
    ----------
    folder
        The results folder.
    target
        The HTML file.
    points, replication
        Which runs; None for the first that was done.

    Raises
    ------
    UsageError
        A run is not there, keeps no event log, or is of another city than the first.
    """
    recordings = [read_recording(folder, point, replication) for point in points]
    _refuse_nowhere(target)
    write_text(target, page_of_runs(f"Replay of {folder.resolve().name}", recordings))


def write_run(
    folder: Path,
    target: Path,
    run: tuple[int | None, int | None],
    hours: tuple[float, float] | None = None,
    step_min: float = 5.0,
) -> None:
    """Write one run as a film, or its drivers' ways for maps on the web, by the ending of the file's name.

    Parameters
    ----------
    folder, target
        The results folder, and the file.
    run
        Point and replication, None for the first that was done.
    hours, step_min
        See `write_film`.

    Raises
    ------
    UsageError
        Nothing is written into files with that ending, or the run is not there.
    """
    if target.suffix not in {*FILMS, *WRITERS}:
        raise UsageError(f"{target}: a replay ends in .html, {', '.join([*FILMS, *WRITERS])}")
    _refuse_nowhere(target)
    recording = read_recording(folder, *run)
    if target.suffix in WRITERS:
        write_text(target, WRITERS[target.suffix](recording))
    else:
        write_film(recording, target, hours, step_min)


def _refuse_nowhere(target: Path) -> None:
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent} is not a folder")


def page_of_runs(title: str, recordings: Sequence[Recording]) -> str:
    """Return the page that plays one run, or two side by side.

    Raises
    ------
    UsageError
        They are of different cities.
    """
    city = recordings[0].city
    if any(each.city.key != city.key for each in recordings):
        raise UsageError("the two runs are of different cities: one map cannot show both")
    paths = Paths(city)
    days = [day_of(recording, paths) for recording in recordings]
    return page_of({"title": title, "ground": ground_of(city), "days": days, "live": None})
