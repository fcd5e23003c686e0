"""The rows of the verification that hold the model against others' data."""

import pytest

from galleria.experiments.verification.running import run_row
from galleria.experiments.verification.suite import ROWS
from tests.city_worlds import DATA

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no outside data in {DATA} (set GALLERIA_DATA)")


@pytest.mark.parametrize("name", [each.id for each in ROWS.values() if each.data])
def test_row_holds(name: str) -> None:
    line = run_row(name, DATA)
    if line.verdict == "skipped":
        pytest.skip(line.remark)
    assert line.verdict == "holds", line
