"""`galleria query` reads the tables of a results folder and nothing else, whatever the statement says."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from galleria.experiments.commands.query import answer
from galleria.experiments.results.folder import Folder
from galleria.models.errors import UsageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """Return results of three runs; orders were kept by two shards, of which one knows a column more."""
    place = tmp_path / "results"
    (place / "tables" / "orders").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    pd.DataFrame({"secret": [1]}).to_parquet(tmp_path / "secret.parquet")
    pd.DataFrame({"run": [0, 1, 2], "value": [1.0, 2.0, 6.0]}).to_parquet(place / "metrics.parquet")
    first = pd.DataFrame({"run": [0], "channel": pd.Categorical(["mall"])})
    second = pd.DataFrame({"run": [1], "channel": pd.Categorical(["visit"]), "tip_usd": [2.5]})
    first.to_parquet(place / "tables/orders/0.parquet")
    second.to_parquet(place / "tables/orders/1.parquet")
    monkeypatch.chdir(tmp_path)
    before = _files(tmp_path)
    yield Folder(place)
    assert _files(tmp_path) == before, "a query writes nothing"


def _files(place: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in place.rglob("*") if path.is_file() and not path.is_symlink()}


def test_tables_join_whatever_their_files_know(folder: Folder) -> None:
    assert answer(folder, "SELECT avg(value) AS mean FROM metrics").to_dict("list") == {"mean": [3.0]}
    found = answer(folder, "SELECT channel, tip_usd, value FROM orders JOIN metrics USING (run) ORDER BY run")
    assert found["channel"].tolist() == ["mall", "visit"]
    assert found["tip_usd"].isna().tolist() == [True, False]
    assert found["value"].tolist() == [1.0, 2.0]
    assert answer(folder, "SHOW TABLES")["name"].tolist() == ["metrics", "orders"]


@pytest.mark.parametrize(
    "sql",
    [
        "COPY metrics TO 'stolen.csv'",
        "COPY metrics TO 'results/metrics.parquet' (FORMAT parquet)",
        "COPY (SELECT 1) TO 'results/tables/orders/2.parquet'",
        "EXPLAIN ANALYZE COPY metrics TO 'stolen.csv'",
        "SELECT 1; COPY metrics TO 'stolen.csv'",
        "EXPORT DATABASE 'stolen'",
        "ATTACH 'stolen.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD 'results/evil.duckdb_extension'",
        "PRAGMA profiling_output = 'stolen.json'",
        "SET enable_external_access = true",
        "SET temp_directory = 'stolen'",
        "SET log_query_path = 'stolen.log'",
        "RESET enable_external_access",
        "SET lock_configuration = false",
        "SELECT * FROM 'secret.parquet'",
        "SELECT * FROM 'secret.csv'",
        "SELECT * FROM read_csv('secret.csv')",
        "SELECT * FROM read_text('secret.csv')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_parquet('results/metrics.parquet')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT getenv('HOME')",
        "SELECT * FROM outside",
        "DROP TABLE metrics",
        "DELETE FROM metrics",
        "INSERT INTO metrics VALUES (9, 9.0)",
        "UPDATE metrics SET value = 0",
    ],
)
def test_a_statement_can_neither_write_nor_read_elsewhere(folder: Folder, sql: str) -> None:
    outside = pd.DataFrame({"a": [1]})
    assert len(outside) == 1
    with pytest.raises(UsageError, match="SQL: "):
        answer(folder, sql)


@pytest.mark.parametrize("sql", ["", " ", ";", " ;\n; ", "-- nothing", "/* nothing */"])
def test_an_empty_statement_is_told_with_the_tables(folder: Folder, sql: str) -> None:
    with pytest.raises(UsageError, match="this asks for nothing; there are the tables metrics, orders"):
        answer(folder, sql)


def test_a_table_that_is_a_link_to_the_outside_is_refused(folder: Folder) -> None:
    (folder.path / "secret.parquet").symlink_to("../secret.parquet")
    with pytest.raises(UsageError, match=r"secret\.parquet is a link to a file outside"):
        answer(folder, "SELECT * FROM secret")


def test_a_table_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    (tmp_path / "metrics.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UsageError, match="the table metrics of"):
        answer(Folder(tmp_path), "SELECT * FROM metrics")
