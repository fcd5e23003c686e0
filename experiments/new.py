"""Skeletons for a researcher's own folder: `galleria new KIND NAME`.

The texts stand in templates/new, a folder a kind; they are the examples of docs/house.md and docs/policies.md, which
tests run. NAME, CAMEL and FOLDER in them are replaced.
"""

import keyword
import re
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from galleria.agents.dispatch.rules import RULES
from galleria.agents.regulator.policy import POLICIES
from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.figure_names import FIGURES, built_in
from galleria.models import measures
from galleria.models.errors import UsageError

TEMPLATES = Path(__file__).resolve().parent / "templates" / "new"
TOY = "city=toy city.households=2000"
ASKS = {
    "policy": f"{TOY} policy=none,NAME",
    "courier": f"{TOY} market=base,with_NAME",
    "dispatch": f"{TOY} dispatch=lap dispatch.rule=lap,NAME",
    "measure": f"{TOY} drivers.pool=40,80",
    "figure": f"{TOY} experiment=with_NAME",
    "experiment": f"{TOY} experiment=NAME",
}
"""The sweep that shows a new thing of each kind, on a city of nine corners with orders enough to see something."""


class Made(NamedTuple):
    """What was written, and the command that runs it."""

    files: tuple[Path, ...]
    command: str


def new(kind: str, name: str, folder: Path) -> Made:
    """Write a skeleton that runs.

    Parameters
    ----------
    kind
        policy, courier, dispatch, measure, figure or experiment.
    name
        As configs will call it.
    folder
        The researcher's own, made if it is not there.

    Raises
    ------
    UsageError
        If the name is no name, or there is something of that name already; nothing is written.
    """
    if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None or keyword.iskeyword(name):
        raise UsageError(
            f"{name}: a name has small letters, digits and _, begins with a letter and is no word of Python"
        )
    texts = {folder / path: text for path, text in rendered(kind, name, folder).items()}
    if name in _taken(kind, folder):
        raise UsageError(f"the name {name} is taken by another {kind}; give yours another name")
    if there := [str(path) for path in texts if path.exists()]:
        raise UsageError(f"{', '.join(there)} exists already; nothing was written")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    suffixes = {path.suffix for path in texts}
    joins = [
        f"{option} {quote(str(folder))}"
        for option, end in (("--config-dir", ".yaml"), ("--plugins", ".py"))
        if end in suffixes
    ]
    return Made(tuple(texts), " ".join(["galleria sweep", *joins, ASKS[kind].replace("NAME", name)]))


def rendered(kind: str, name: str, folder: Path) -> dict[str, str]:
    """Return the texts of a skeleton by their paths in the folder."""
    camel = "".join(word.title() for word in name.split("_"))
    marks = {"NAME": name, "CAMEL": camel, "FOLDER": str(folder)}

    def fill(text: str) -> str:
        return re.sub("|".join(marks), lambda mark: marks[mark[0]], text)

    found = sorted((TEMPLATES / kind).rglob("*.txt"))
    return {
        fill(path.relative_to(TEMPLATES / kind).with_suffix("").as_posix()): fill(path.read_text(encoding="utf-8"))
        for path in found
    }


def _taken(kind: str, folder: Path) -> set[str]:
    """List the names of a kind that mean something already."""
    with composer(Source(CONF, extra=folder if folder.is_dir() else None)) as composing:
        groups = {group: set(composing.options(group)) for group in ("policy", "courier", "experiment")}
    return {
        "policy": {*POLICIES, *groups["policy"]},
        "courier": groups["courier"],
        "dispatch": set(RULES),
        "measure": {each.name for each in measures.registry()},
        "figure": {*built_in(), *FIGURES},
        "experiment": groups["experiment"],
    }[kind]
