"""The page of the event log names every event and every column."""

import re
from pathlib import Path

from galleria.models.measures.events import EVENTS
from tests.market_worlds import BUSY_TOY, run_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


def test_the_page_names_events_and_columns() -> None:
    named = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    log = run_of("run.record=true", *BUSY_TOY)[1].tables["events"]
    assert sorted(named[: len(EVENTS)]) == sorted(EVENTS)
    assert named[len(EVENTS) :] == list(log.columns)


def test_the_page_names_the_types_of_columns() -> None:
    types = dict(
        re.findall(r"^\| `(\w+)` \| (float64|int64|int32|category) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    log = run_of("run.record=true", *BUSY_TOY)[1].tables["events"]
    assert types == {str(name): str(dtype) for name, dtype in log.dtypes.items()}
