"""Making a city folder step by step: what is there is kept, and the folder appears under its name when it is whole."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from galleria.models.city.folder import FEATURES, PEOPLE, PROVENANCE, ROADS, write_json
from galleria.models.errors import UsageError

ASKED = "asked.json"
SCRATCH = "scratch"
"""Folder in the draft for what steps need between them; not part of the city."""


@dataclass(frozen=True)
class Step:
    """One step: the files it leaves, and who makes them in the folder given; returned is what is told of it.

    What is told stands in provenance.json under the step's name, so it must be JSON.
    """

    name: str
    files: tuple[str, ...]
    make: Callable[[Path], Mapping[str, Any]]


def collect(
    out: Path, asked: Mapping[str, Any], steps: tuple[Step, ...], say: Callable[[str], None]
) -> tuple[dict[str, Any], bool]:
    """Make a city folder, or find it made.

    Parameters
    ----------
    out
        The folder; it appears when all steps are done.
    asked
        What the folder is made from (JSON). A draft that was left by the same question is continued, another is thrown
        away.
    steps
        In order.
    say
        Told of each step.

    Returns
    -------
    tuple[dict[str, Any], bool]
        The content of provenance.json, and whether anything was made now.

    Raises
    ------
    UsageError
        When the folder holds something else, cannot be written, or another program writes it.
    """
    asked = json.loads(json.dumps(asked))
    try:
        held = _held(out, asked)
        if held is not None:
            return held, False
        with _alone(out):
            return _make(out, asked, steps, say), True
    except OSError as error:
        raise UsageError(
            f"The folder {out} cannot be written ({error.strerror or error}). Name another by --out FOLDER, or make "
            "room; what was fetched so far is kept beside it and used when the command is run again."
        ) from None


def _held(out: Path, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the provenance of the folder when it is the one asked for; None when there is no folder."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    try:
        held: dict[str, Any] = json.loads((out / PROVENANCE).read_text(encoding="utf-8"))
        same = held["asked"] == asked
    except (OSError, ValueError, KeyError, TypeError):
        raise UsageError(
            f"{out} exists and is no city folder, so nothing was written there. Name another folder by --out FOLDER."
        ) from None
    if not same:
        raise UsageError(
            f"{out} holds a city made from something else ({_differing(held['asked'], asked)}). Name another folder by "
            "--out FOLDER, or remove that one to make it anew."
        )
    return held


def _differing(held: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    names = [name for name in sorted({*held, *asked}) if held.get(name) != asked.get(name)]
    return "; ".join(f"{name}: {held.get(name)} there, {asked.get(name)} asked" for name in names[:3])


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    out.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out.with_name(f".{out.name}.lock"), timeout=0)
    try:
        with lock:
            yield
            Path(lock.lock_file).unlink(missing_ok=True)
    except Timeout:
        raise UsageError(
            f"Another program is making {out} now. Wait for it, or name another by --out FOLDER."
        ) from None


def _make(out: Path, asked: Mapping[str, Any], steps: tuple[Step, ...], say: Callable[[str], None]) -> dict[str, Any]:
    draft = out.with_name(f".{out.name}.draft")
    if _asked_of(draft) != asked:
        shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(exist_ok=True)
    write_json(draft / ASKED, asked)
    about: dict[str, Any] = {"asked": dict(asked), "made": datetime.now(UTC).date().isoformat()}
    for number, step in enumerate(steps, start=1):
        told = draft / f"{step.name}.told.json"
        if told.is_file() and all((draft / name).is_file() for name in step.files):
            about[step.name] = json.loads(told.read_text(encoding="utf-8"))
            say(f"{number}/{len(steps)} {step.name}: kept from before")
            continue
        say(f"{number}/{len(steps)} {step.name} ...")
        about[step.name] = json.loads(json.dumps(step.make(draft)))
        write_json(told, about[step.name])
    (draft / "README.md").write_text(_readme(out.name, about), encoding="utf-8")
    write_json(draft / PROVENANCE, about)
    for left in (*draft.glob("*.told.json"), draft / ASKED):
        left.unlink()
    shutil.rmtree(draft / SCRATCH, ignore_errors=True)
    if out.is_dir():
        out.rmdir()  # empty, as was seen before
    draft.rename(out)
    return about


def _asked_of(draft: Path) -> Any:
    try:
        return json.loads((draft / ASKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _readme(name: str, about: Mapping[str, Any]) -> str:
    """Write what a person finds in the folder: files, counts, sources, licence."""
    what = {
        ROADS[0]: "junctions: node, lon, lat (degrees)",
        ROADS[1]: "directed roads: u, v, highway, length_m, speed_kph, time_s, lanes, geometry",
        "malls.csv": "malls of the model: mall, lat, lon; edit it, or set city.malls",
        FEATURES: "malls, supermarkets, big boxes, warehouses, restaurants: kind, name, lat, lon, m2, osm",
        PEOPLE: "people counted at points: geoid, population, latitude, longitude",
        PROVENANCE: "what was asked, sources with dates and SHA-256, counts, bounding box",
    }
    parts = {step: told for step, told in about.items() if isinstance(told, dict) and step != "asked"}
    present = {name for told in parts.values() for name in told.get("files", ())} | {PROVENANCE}
    lines = [f"# {name}", "", f"A city folder made on {about['made']} (UTC) by `galleria city get`.", ""]
    lines += [f"- `{file}`: {says}" for file, says in what.items() if file in present]
    for step, told in parts.items():
        lines += ["", f"## {step.capitalize()}", ""]
        lines += [f"- {key}: {_plain(value)}" for key, value in told.items() if key != "files"]
    return "\n".join(lines) + "\n"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(held)}" for key, held in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return f"{value:,}" if isinstance(value, int) else str(value)
