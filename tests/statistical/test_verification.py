"""Every row of the verification holds; quick ones by the command, as users run them, the others one by one."""

import json
import time
from collections import Counter

import pytest

from galleria.experiments.cli import main
from galleria.experiments.verification.running import run_row
from galleria.experiments.verification.suite import ROWS

SLOW = [each.id for each in ROWS.values() if not each.quick and not each.data]


def test_quick_rows_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """In this process, so that what a row warns of is an error; two idle cores take a minute at most."""
    began = time.process_time()
    assert main(["verify", "--quick", "--workers", "1", "--json"]) == 0
    assert time.process_time() - began < 120
    verdicts = Counter(line["verdict"] for line in json.loads(capsys.readouterr().out))
    assert set(verdicts) <= {"holds", "skipped"}
    assert verdicts["holds"] > 80


@pytest.mark.parametrize("name", SLOW)
def test_row_holds(name: str) -> None:
    line = run_row(name, None)
    assert line.verdict == "holds", line
