"""The notebook of the tour runs from top to bottom, and is kept without outputs."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parents[3] / "docs" / "notebooks" / "mesa_tour.ipynb"


def cells() -> list[dict[str, Any]]:
    read = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return [cell for cell in read["cells"] if cell["cell_type"] == "code"]


def test_the_cells_run_in_order() -> None:
    """By exec, which needs no kernel."""
    names: dict[str, Any] = {}
    for cell in cells():
        exec("".join(cell["source"]), names)  # noqa: S102 (our own notebook)
    assert not names["town"].running
    assert len(names["series"]) > 200
    assert names["drivers"].get("reservation_usd_per_h").count(1.0) == 1
    assert names["rows"][0]["orders_placed"] > 0
    assert (names["page"] is not None) == (find_spec("solara") is not None)


def test_outputs_are_stripped() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells())
