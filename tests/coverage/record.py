"""What tests reach: ``python -m tests.coverage.record build/coverage/report.json``, after `make coverage` measured it.

Keeps counts by room, and by function what is left, for docs/reliability.md.
"""

import json
import sys
import tomllib
from collections import defaultdict
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

RECORD = Path(__file__).with_name("counts.json")
REASONS = Path(__file__).with_name("reasons.toml")
ASKED = 95.0
"""Per cent of statements and branches together that tests should reach."""

COUNTED = ("num_statements", "covered_lines", "num_branches", "covered_branches")


def counts(report: dict[str, Any]) -> dict[str, Any]:
    """Reduce a report of coverage.py to counts by room, and to the lines and branches left by function."""
    rooms: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    left: dict[str, dict[str, int]] = {}
    for path, file in sorted(report["files"].items()):
        room = rooms["/".join(Path(path).parts[:2]).removesuffix(".py")]
        for name in COUNTED:
            room[name] += file["summary"][name]
        functions = {name or "module": each["summary"] for name, each in file["functions"].items()}
        gaps = {name: each["missing_lines"] + each["missing_branches"] for name, each in functions.items()}
        if gaps := {name: gap for name, gap in gaps.items() if gap}:
            left[path] = gaps
    return {"rooms": dict(rooms), "left": left}


def percent(room: dict[str, int]) -> float:
    """Return the share of statements and branches that were reached, per cent."""
    all_of = room["num_statements"] + room["num_branches"]
    return 100.0 * (room["covered_lines"] + room["covered_branches"]) / max(1, all_of)


def reasons(path: str, known: dict[str, str]) -> str:
    """Say why something is not reached: the first pattern that fits, else that it is open."""
    return next((why for pattern, why in known.items() if fnmatch(path, pattern)), "open: no test yet")


def section(kept: dict[str, Any]) -> str:
    """Write the section of the page."""
    rooms = {**kept["rooms"], "all": {name: sum(room[name] for room in kept["rooms"].values()) for name in COUNTED}}
    reached = percent(rooms["all"])
    short = f", {ASKED - reached:.1f} fewer than the {ASKED:.0f} asked for: a miss that is open"
    verdict = short if reached < ASKED else ""
    lines = [
        f"`make coverage` measures {reached:.1f} % of statements and branches{verdict}.\n",
        *("| room | statements | branches | reached |", "|---|---|---|---|"),
    ]
    lines += [
        f"| {name} | {room['num_statements']:,} | {room['num_branches']:,} | {percent(room):.1f} % |"
        for name, room in rooms.items()
    ]
    known = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    lines += ["\nWhat is left, statements and branches by function:\n", "| file | functions | why |", "|---|---|---|"]
    for path, gaps in kept["left"].items():
        named = ", ".join(f"`{name}` {gap}" for name, gap in gaps.items())
        lines.append(f"| `{path}` | {named} | {reasons(path, known)} |")
    return "\n".join(lines)


def main() -> int:
    """Read the report and keep the counts; end with 1 if tests reach too little."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    kept = counts(report)
    RECORD.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(section(kept) + "\n")
    reached = percent({name: sum(room[name] for room in kept["rooms"].values()) for name in COUNTED})
    return int(reached < ASKED)


if __name__ == "__main__":
    sys.exit(main())
