"""`galleria query`: anything in SQL over the tables of a results folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import as_csv, command, folder

if TYPE_CHECKING:
    import pandas as pd
    from pyarrow import Schema
    from pyarrow.dataset import Dataset

    from galleria.experiments.results.folder import Folder


@command(
    '  galleria query DIR "SELECT metric, avg(value) FROM metrics GROUP BY metric"\n'
    '  galleria query DIR "SELECT * FROM summary" --csv > summary.csv'
)
@folder
@click.argument("sql")
@as_csv
def query(folder: Path, sql: str, *, csv: bool) -> None:
    """Ask the results tables in SQL.

    They are plan, runs, metrics, summary, and those that run.tables kept: orders, hours, zones, ... The statement sees
    these and no other file, and writes none.
    """
    from galleria.experiments.commands.tables import print_table, warn_of_altered
    from galleria.experiments.results.folder import Folder

    there = Folder(folder.resolve())
    there.read_provenance()
    warn_of_altered(there)
    print_table(answer(there, sql), csv=csv)


def answer(folder: "Folder", sql: str) -> "pd.DataFrame":
    """Return what a statement finds in the tables of a folder.

    The statement may come from a stranger: the database sees the tables and nothing else, no file and no network, and
    no statement can change that.
    """
    import duckdb
    import pandas as pd

    from galleria.models.errors import UsageError

    tables = tables_of(folder)
    if not sql.strip(" \t\r\n;"):
        raise UsageError(f"SQL: {_nothing(tables)}")
    with duckdb.connect(config=_CLOSED) as database:
        for name, table in tables.items():
            database.register(name, table)
        database.execute("SET lock_configuration = true")
        try:
            found = database.sql(sql)
            frame = None if found is None else found.df()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {str(error).strip()}") from error
    if not isinstance(frame, pd.DataFrame):
        raise UsageError(f"SQL: {_nothing(tables)}")
    return frame


_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "temp_directory": "",
}
"""Settings of a database that touches no file: what does not fit into memory is an error."""


def tables_of(folder: "Folder") -> "dict[str, Dataset]":
    """Open the tables of a results folder; rows are read when a statement asks for them.

    Raises
    ------
    UsageError
        When a table cannot be read, or is a link to a file outside the folder.
    """
    import pyarrow as pa
    from pyarrow import dataset

    from galleria.models.errors import UsageError

    files = {path.stem: [path] for path in sorted(folder.path.glob("*.parquet"))}
    files |= {path.name: sorted(path.glob("*.parquet")) for path in sorted((folder.path / "tables").glob("*"))}
    tables = {}
    for name, paths in files.items():
        if outside := [path for path in paths if not path.resolve().is_relative_to(folder.path.resolve())]:
            raise UsageError(f"{outside[0]} is a link to a file outside the results folder: take it away")
        try:
            schemas = [dataset.dataset(path).schema for path in paths]
            whole = pa.unify_schemas([_plain(each) for each in schemas], promote_options="permissive")
            tables[name] = dataset.dataset(paths, schema=whole)
        except (OSError, pa.ArrowException) as error:
            raise UsageError(f"the table {name} of {folder.path} cannot be read: {error}") from error
    return {name: table for name, table in tables.items() if len(table.schema)}


def _plain(schema: "Schema") -> "Schema":
    """Return a schema whose categories are text, so that files with other categories join."""
    import pyarrow as pa

    types = [kind.value_type if pa.types.is_dictionary(kind) else kind for kind in schema.types]
    return pa.schema(list(zip(schema.names, types, strict=True)))


def _nothing(tables: "dict[str, Dataset]") -> str:
    return f"this asks for nothing; there are the tables {', '.join(tables)}"
