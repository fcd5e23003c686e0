"""The report of a search: what it says of the winner comes from fresh replications alone."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from galleria.experiments.design.factors import FactorSettings
from galleria.experiments.design.limits import LimitSettings
from galleria.experiments.report import build_report, findings
from galleria.experiments.report.search import search_claims
from galleria.experiments.report.study import Study
from galleria.experiments.results import Results, load
from galleria.experiments.sweep.search_record import Record
from tests.synthetic_results import POOL, Design, write_results

RECORD = Record(
    objective={"welfare_usd": 1.0},
    sense="maximise",
    limits={"delivery_min_p90": LimitSettings(most=1e6)},
    factors={POOL: FactorSettings(low=60, high=400)},
    first=5,
    replications=4,
    check=3,
    rounds=(({POOL: 200}, {POOL: 220}),),
    ended="all rounds are done",
    winner=6,
    checked=7,
)


def searched(folder: Path, record: Record = RECORD) -> Results:
    """Write the results of a search of seven points; the winner once more as the eighth."""
    pools = [250, 60, 150, 300, 400, 200, 220, 220][: 7 if record.checked is None else 8]
    design = Design(
        points=[{POOL: float(pool)} for pool in pools],
        labels={POOL: "Driver pool"},
        units={POOL: "drivers"},
        replications=7,
        tables=(),
        record={"kind": "optimise"},
    )
    write_results(folder, design)
    path = folder / "provenance.json"
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**said, "search": record.as_json()}), encoding="utf-8")
    return load(folder)


def test_a_record_can_be_written_and_read() -> None:
    assert Record.read(json.loads(json.dumps(RECORD.as_json()))) == RECORD


def test_the_gain_is_that_of_the_fresh_replications(tmp_path: Path) -> None:
    results = searched(tmp_path)
    metrics = results.metrics
    fresh = metrics[(metrics["metric"] == "welfare_usd") & (metrics["replication"] >= 4)]
    table = fresh.pivot_table(index="replication", columns="point", values="value")
    gain = float((table[7] - table[0]).mean())
    claims = search_claims(Study.of(results))
    assert "maximises welfare" in claims[0].text
    assert "best at driver pool: 220" in claims[0].text
    assert f"{abs(gain):,.0f}"[:3] in claims[1].text
    assert "on 3 fresh replications" in claims[1].text
    assert "which is kept" in claims[2].text
    assert findings(results)[0].startswith("The search: maximises welfare")


def test_the_page_shows_the_search(tmp_path: Path) -> None:
    searched(tmp_path)
    page = build_report(tmp_path).read_text(encoding="utf-8")
    assert "The search maximises welfare" in page
    course = pd.read_csv(tmp_path / "report" / "figures" / "search-course.csv")
    assert course["check"].tolist() == [False] * 7 + [True]
    assert (tmp_path / "report" / "figures" / "search-drivers-pool.png").exists()
    assert "4 replications each" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"winner": None, "checked": None}, "no level was found that keeps the limits"),
        ({"winner": 0, "checked": None}, "no level was found that is better than the baseline"),
        ({"ended": "", "winner": None, "checked": None}, "the search is not at its end"),
        ({"factors": {POOL: FactorSettings(low=60, high=220)}}, "at the end of the range of driver pool"),
        ({"limits": {"delivery_min_p90": LimitSettings(most=0.0)}}, "which is broken"),
    ],
)
def test_what_went_otherwise_is_told(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    claims = search_claims(Study.of(searched(tmp_path, replace(RECORD, **change))))
    assert any(words in claim.text for claim in claims)
