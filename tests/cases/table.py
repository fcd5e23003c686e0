"""How many small inputs of each kind the tests hold, for docs/reliability.md: `python -m tests.cases.table`."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE / "table.md"
KINDS = {
    "test_lengths": "units of length, speed and time; projections",
    "test_gmns": "GMNS fields",
    "test_tntp": "TNTP rules",
    "test_graphs": "NetworkX and GraphML; tables of roads",
    "test_osm": "OpenStreetMap: directions, ids, order",
    "test_people": "people, malls and pairs",
    "test_runs": "Hydra's grammar; runs at the edge",
    "test_strangers_files": "files of strangers",
    "test_shared": "cases handed over, command by command",
}


def table() -> str:
    """Count the collected inputs by kind."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HERE)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1]).stdout
    counts = Counter(re.findall(r"^tests/cases/(\w+)\.py::", listed, re.MULTILINE))
    rows = [f"| {kind} | `tests/cases/{name}.py` | {counts[name]:,} |" for name, kind in KINDS.items()]
    total = f"| all | | {sum(counts[name] for name in KINDS):,} |"
    return "\n".join(["| kind of input | tests | inputs |", "|---|---|---|", *rows, total]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
