"""A results folder as one zip for a repository: RO-Crate 1.2 with CodeMeta, licence and how the results were made."""

import json
import mimetypes
import zipfile
from datetime import datetime, timedelta
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

from galleria.experiments.results.folder import Folder
from galleria.models.errors import UsageError

CRATE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.2"
_MIT = "https://spdx.org/licenses/MIT"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES = {".parquet": "application/vnd.apache.parquet", ".yaml": "application/yaml", ".csv": "text/csv"}
_TOLD = {
    "config.yaml": "The base configuration, resolved",
    "provenance.json": "Command, versions, commit, seed, design; SHA-256 of the tables",
    "plan.parquet": "What was to be run: a row a run, its point, replication and factors",
    "runs.parquet": "What became of each run",
    "metrics.parquet": "Every measure of every run",
    "summary.parquet": "Every measure at every point, with intervals, and against the baseline point",
    "summary.csv": "Every measure at every point, with intervals, and against the baseline point",
    "report/index.html": "The report: one page without other files",
    "report/what_if.html": "Sliders for the factors, answered by surfaces fitted to the results",
}


def archive(folder: Path, target: Path, licence: str, authors: tuple[str, ...], date: str) -> list[str]:
    """Write a zip of a results folder that describes itself.

    Parameters
    ----------
    folder
        A results folder; what a running sweep keeps in `.work` is left out.
    target
        The zip. The same folder and arguments give the same bytes.
    licence
        Address of the licence of the results.
    authors
        Names of who made them; may be empty.
    date
        Of publication, as YYYY-MM-DD.

    Returns
    -------
    names
        Of the files in the zip.

    Raises
    ------
    UsageError
        No results folder; a link in it, which might lead out of it; a target inside it.
    """
    record = Folder(folder).read_provenance()
    if folder.resolve() in target.resolve().parents:
        raise UsageError(f"{target} lies within the folder that is archived")
    names = _names(folder)
    made = {
        "codemeta.json": _text(_codemeta(record)),
        CRATE: _text(_crate(folder, names, record, licence, authors, date)),
    }
    temporary = target.with_name(target.name + ".part")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(made, reverse=True):
            packed.writestr(_entry(name), made[name])
        for name in names:
            with (folder / name).open("rb") as source, packed.open(_entry(name), "w", force_zip64=True) as into:
                while part := source.read(1 << 20):
                    into.write(part)
    temporary.replace(target)
    return [*sorted(made, reverse=True), *names]


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a file's place in the zip without the date and rights it has here."""
    entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _names(folder: Path) -> list[str]:
    names = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0].startswith(".") or name in {CRATE, "codemeta.json"}:
            continue
        if path.is_symlink():
            raise UsageError(f"{path} is a link: an archive holds files only")
        if path.is_file():
            names.append(name)
    return names


def _text(tree: dict[str, Any]) -> str:
    return json.dumps(tree, indent=2, ensure_ascii=False)


def _single(values: list[dict[str, str]]) -> dict[str, str] | list[dict[str, str]]:
    """Return one value as itself: RO-Crate wants no lists of one."""
    return values[0] if len(values) == 1 else values


def _codemeta(record: dict[str, Any]) -> dict[str, Any]:
    about = metadata("galleria")
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": "Galleria",
        "description": about["Summary"],
        "version": record.get("galleria") or record.get("version"),
        "license": _MIT,
        "programmingLanguage": "Python",
        "runtimePlatform": f"Python {record.get('python', '')}".strip(),
        "softwareRequirements": [f"{name} {version}" for name, version in (record.get("packages") or {}).items()],
    }


def _crate(
    folder: Path, names: list[str], record: dict[str, Any], licence: str, authors: tuple[str, ...], date: str
) -> dict[str, Any]:
    """Describe the folder: itself, its files, the program and the run of it that made them."""
    version = record.get("galleria") or record.get("version")
    title = f"Results of {record.get('experiment') or 'an experiment'} with Galleria"
    question = str(record.get("question") or "")
    files = [*names, "codemeta.json"]
    people = [{"@id": f"#author-{number}", "@type": "Person", "name": name} for number, name in enumerate(authors, 1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": question or "Simulated results of an agent-based model of delivery markets.",
        "datePublished": date,
        "license": {"@id": licence},
        "hasPart": [{"@id": name} for name in files],
        "mentions": {"@id": "#runs"},
        **({"author": _single([{"@id": person["@id"]} for person in people])} if people else {}),
    }
    software = {
        "@id": "#galleria",
        "@type": "CreativeWork",
        "name": "Galleria",
        "description": f"The program, model {record.get('model_version') or version}",
        "version": str(version),
        "subjectOf": {"@id": "codemeta.json"},
        "license": {"@id": _MIT},
    }
    licences = [
        {"@id": address, "@type": "CreativeWork", "name": address, "description": f"The licence at {address}"}
        for address in dict.fromkeys([licence, _MIT])
    ]
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _VERSION},
        },
        root,
        software,
        _action(names, record),
        *licences,
        *people,
        *(_file(folder, name) for name in names),
        {
            "@id": "codemeta.json",
            "@type": "File",
            "name": "codemeta.json",
            "description": "The program, as CodeMeta",
            "contentSize": str(len(_text(_codemeta(record)).encode())),
            "encodingFormat": "application/json",
        },
    ]
    return {"@context": f"{_VERSION}/context", "@graph": graph}


def _action(names: list[str], record: dict[str, Any]) -> dict[str, Any]:
    """Say what was run, when, from what and into what."""
    action: dict[str, Any] = {
        "@id": "#runs",
        "@type": "CreateAction",
        "name": "Simulation of the plan's runs",
        "description": str(record.get("command") or "galleria"),
        "instrument": {"@id": "#galleria"},
        "object": [{"@id": name} for name in ("config.yaml", "plan.parquet") if name in names],
        "result": [{"@id": name} for name in names if name not in {"config.yaml", "plan.parquet"}],
    }
    if started := record.get("started"):
        action["startTime"] = started
        if record.get("seconds") is not None:
            ended = datetime.fromisoformat(started) + timedelta(seconds=float(record["seconds"]))
            action["endTime"] = ended.isoformat(timespec="seconds")
    return action


def _file(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    told = _TOLD.get(name) or (
        f"Table {name.split('/')[1]}" if name.startswith("tables/") else name.rsplit("/", maxsplit=1)[-1]
    )
    return {
        "@id": name,
        "@type": "File",
        "name": name.rsplit("/", maxsplit=1)[-1],
        "description": told,
        "encodingFormat": kind,
        "contentSize": str(path.stat().st_size),
    }
