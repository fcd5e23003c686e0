"""Pages written from code and conf/ are up to date, and tell the tables that a run writes, column by column."""

import re
from pathlib import Path

import pytest

from galleria.experiments.report import decisions_page, results_page
from galleria.experiments.report.decisions import DECISIONS
from galleria.experiments.results.collect import _RUN_COLUMNS
from galleria.experiments.statistics.summary import SUMMARY_COLUMNS
from galleria.models.strategy.fees import FeeWeek
from galleria.models.strategy.pay import PayWeek
from tests.market_worlds import BUSY_TOY, run_of

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize(("name", "page"), [("decisions", decisions_page.page), ("results", results_page.page)])
def test_a_generated_page_is_up_to_date(name: str, page: object) -> None:
    """If this fails: python -m galleria.experiments.report.NAME_page > docs/NAME.md."""
    assert callable(page)
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page()


def test_every_decision_names_functions_that_say_what_they_do() -> None:
    rules = [rule for decisions in DECISIONS.values() for each in decisions for rule in each.rules]
    assert len(rules) > 20
    assert [rule for rule in rules if not decisions_page.first_line(rule).endswith(".")] == []
    with pytest.raises(AttributeError):
        decisions_page.function_of("agents.drivers.acceptance:refuse")


def test_equations_name_functions_and_keys_that_are_there() -> None:
    page = (DOCS / "equations.md").read_text(encoding="utf-8")
    functions = re.findall(r"`((?:agents|models)\.[\w.]+)`", page)
    assert len(functions) > 20
    for name in functions:
        *module, last = re.split(r"\.(?=[A-Z])", name)  # a method of a class
        path = f"{module[0]}:{last}" if module else ":".join(name.rsplit(".", 1))
        assert callable(decisions_page.function_of(path)), name
    keys = re.findall(r"`((?:customers|drivers|retailers|dispatch|couriers)\.[\w.*]+)`", page)
    told = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert len(keys) > 15
    assert [key for key in keys if f"`{key.replace('*', 'today')}" not in told] == []


def test_the_tables_of_a_run_have_the_columns_that_are_told() -> None:
    _, outcome = run_of(*BUSY_TOY, "run.record=true", "run.tables=all", "meals=us_2024", "drivers.at_rest.days=0")
    told = {name: [column for column, _, _ in columns] for name, (_, columns) in results_page.tables().items()}
    for name, frame in outcome.tables.items():
        columns = ["on_COURIER" if each.startswith("on_") and name == "retailers" else each for each in map(str, frame)]
        assert ["run_key", *dict.fromkeys(columns)] == told.pop(name), name
    assert told.pop("fees") == ["run_key", *FeeWeek._fields]
    assert told.pop("pay") == ["run_key", *PayWeek._fields]
    assert told.pop("runs") == list(_RUN_COLUMNS)
    assert told.pop("summary") == list(SUMMARY_COLUMNS)
    assert set(told) == {"plan", "metrics"}
