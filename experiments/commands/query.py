"""`galleria query`: anything in SQL over the tables of a results folder."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galleria.experiments.commands.options import as_csv, command, folder

if TYPE_CHECKING:
    import pandas as pd

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

    They are plan, runs, metrics, summary, and those that run.tables kept: orders, hours, zones, ...
    """
    from galleria.experiments.commands.tables import print_table, warn_of_altered
    from galleria.experiments.results.folder import Folder

    there = Folder(folder.resolve())
    there.read_provenance()
    warn_of_altered(there)
    print_table(answer(there, sql), csv=csv)


def answer(folder: "Folder", sql: str) -> "pd.DataFrame":
    """Return what a statement finds in the tables of a folder."""
    import duckdb
    import pandas as pd

    from galleria.models.errors import UsageError

    with duckdb.connect() as database:
        tables = {path.stem: path for path in sorted(folder.path.glob("*.parquet"))}
        tables |= {path.name: path / "*.parquet" for path in sorted((folder.path / "tables").glob("*"))}
        for name, path in tables.items():
            database.read_parquet(str(path), union_by_name=True).create_view(name)
        try:
            found = database.sql(sql)
            frame = None if found is None else found.df()
        except duckdb.Error as error:
            raise UsageError(f"SQL: {str(error).strip()}") from error
    if not isinstance(frame, pd.DataFrame):
        raise UsageError(f"SQL: this asks for nothing; there are the tables {', '.join(tables)}")
    return frame
