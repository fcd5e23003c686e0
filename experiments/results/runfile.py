"""One finished run as one file: its row of the runs table, its metrics and its tables.

The file's name is the run's key and status; its end is a digest of all before it, so a file that was cut off or
altered is seen and its run is done again.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa

from galleria.experiments.results.folder import write_bytes

_DIGEST_BYTES = 32
_RECORD = "run.json"
_METRICS = "metrics"


class AlteredFileError(Exception):
    """A run's file is not what was written."""


@dataclass(frozen=True)
class Finished:
    """A run that came to its end, well or not.

    Attributes
    ----------
    key, point, replication, seed
        Which run.
    seconds
        Wall time of the simulation.
    error
        What went wrong in one line, empty when nothing did.
    metrics
        Columns metric, unit, value.
    tables
        Further tables by name.
    """

    key: str
    point: int
    replication: int
    seed: int
    seconds: float
    error: str = ""
    metrics: pa.Table | None = None
    tables: Mapping[str, pa.Table] = field(default_factory=dict)

    @property
    def status(self) -> str:
        """Say `done` or `failed`."""
        return "failed" if self.error else "done"


def file_name(key: str, status: str) -> str:
    """Name the file of a run."""
    return f"{key}.{status}"


def finished_runs(folder: Path) -> Iterator[tuple[str, str]]:
    """List key and status of the runs whose files stand in a folder."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        key, _, status = path.name.partition(".")
        if status in {"done", "failed"}:
            yield key, status


def arrow(frame: pd.DataFrame) -> pa.Table:
    """Turn a frame into an Arrow table without its index and without pandas' own notes."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)


def write(run: Finished, folder: Path) -> None:
    """Write the file of a run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        record = {name: getattr(run, name) for name in ("key", "point", "replication", "seed", "seconds", "error")}
        archive.writestr(_RECORD, json.dumps(record))
        if run.metrics is not None:
            archive.writestr(f"{_METRICS}.arrow", _to_ipc(run.metrics))
        for name, table in run.tables.items():
            archive.writestr(f"tables/{name}.arrow", _to_ipc(table))
    content = buffer.getvalue()
    write_bytes(folder / file_name(run.key, run.status), content + hashlib.sha256(content).digest())


def read(path: Path) -> Finished:
    """Read the file of a run; raise AlteredFileError when it is not what was written."""
    content = path.read_bytes()
    body, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if hashlib.sha256(body).digest() != digest:
        raise AlteredFileError(path.name)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        record = json.loads(archive.read(_RECORD))
        if file_name(record["key"], "failed" if record["error"] else "done") != path.name:
            raise AlteredFileError(path.name)
        parts = {name: _from_ipc(archive.read(name)) for name in archive.namelist() if name != _RECORD}
    return Finished(
        **record,
        metrics=parts.get(f"{_METRICS}.arrow"),
        tables={
            name.removeprefix("tables/").removesuffix(".arrow"): table
            for name, table in parts.items()
            if name.startswith("tables/")
        },
    )


def _to_ipc(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _from_ipc(content: bytes) -> pa.Table:
    with pa.ipc.open_file(pa.py_buffer(content)) as reader:
        return reader.read_all()
