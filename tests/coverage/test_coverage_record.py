"""What a report of coverage is reduced to: counts by room, what is left by function, and why."""

from tests.coverage.record import counts, percent, reasons

SUMMARY = {"num_statements": 10, "covered_lines": 9, "num_branches": 6, "covered_branches": 5}
WHOLE = {"summary": {"missing_lines": 0, "missing_branches": 0}}
LEFT = {"summary": {"missing_lines": 1, "missing_branches": 1}}
REPORT = {
    "files": {
        "agents/couriers/fleet.py": {
            "summary": SUMMARY,
            "functions": {"": WHOLE, "Fleet.take": LEFT},
        },
        "agents/couriers/posted.py": {"summary": SUMMARY, "functions": {"": WHOLE}},
        "models/market.py": {"summary": SUMMARY, "functions": {"": LEFT}},
    }
}


def test_files_are_counted_by_room_and_gaps_by_function() -> None:
    kept = counts(REPORT)
    assert kept["rooms"]["agents/couriers"] == {name: 2 * number for name, number in SUMMARY.items()}
    assert kept["rooms"]["models/market"] == SUMMARY
    assert kept["left"] == {"agents/couriers/fleet.py": {"Fleet.take": 2}, "models/market.py": {"module": 2}}


def test_statements_and_branches_count_alike() -> None:
    assert percent(SUMMARY) == 100 * 14 / 16


def test_what_has_no_reason_is_open() -> None:
    assert reasons("models/market.py", {"agents/*": "drawn"}) == "open: no test yet"
    assert reasons("agents/x.py", {"agents/*": "drawn"}) == "drawn"
