"""The notebooks run from top to bottom in an empty folder, and are kept without outputs."""

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pytest

from galleria.agents.regulator.policy import POLICIES

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "notebooks"


def cells(name: str) -> list[dict[str, Any]]:
    read = json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in read["cells"] if cell["cell_type"] == "code"]


def names_of(name: str) -> dict[str, Any]:
    """Run a notebook's cells by exec, which needs no kernel, and return its names."""
    names: dict[str, Any] = {"__name__": "notebook"}
    for cell in cells(name):
        exec(compile("".join(cell["source"]), name, "exec"), names)  # noqa: S102 (our own notebook)
    plt.close("all")
    return names


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(POLICIES, "_entries", dict(POLICIES._entries))


def test_a_run_and_its_map() -> None:
    names = names_of("run_and_map")
    assert names["measures"].loc["orders_delivered", "value"] > 100
    assert names["frame"]["minutes"].notna().any()


def test_an_experiment_with_a_policy_of_ones_own() -> None:
    """The bonus raises what drivers are paid for an order."""
    after = names_of("own_policy")["after"].set_index("metric")
    assert after.loc["pay_usd_per_order", "diff"] > 0


def test_a_calibration() -> None:
    names = names_of("calibration")
    assert set(names["parameters"]["key"]) == {"drivers.pool", "customers.occasions_per_household_day"}
    assert len(names["draws"]) == 16


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_outputs_are_stripped(path: Path) -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(path.stem))
