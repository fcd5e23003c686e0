"""Factors by road class from known drive times, against factors that were put in."""

from pathlib import Path

import numpy as np
import pytest

from galleria.models.city import build_city
from galleria.models.city.build import build_roads
from galleria.models.city.route import route
from galleria.models.city.settings import FileSettings
from galleria.models.errors import UsageError
from tests.cases.town import CORNERS, as_csv, settings_of

PUT_IN = {"primary": 1.5, "residential": 2.0}
NORTH = 400
"""Streets longer than this run north, and are primary."""


def town(folder: Path, *, slowed: bool) -> FileSettings:
    """Write the town; slowed, its times are those that will be known."""

    def held(m: float) -> dict[str, object]:
        kind = "primary" if m > NORTH else "residential"
        return {"length_m": m, "highway": kind, "time_s": m / 10 * (PUT_IN[kind] if slowed else 1)}

    folder.mkdir(exist_ok=True)
    return settings_of(as_csv(folder, held))


def known(folder: Path, error_min: float = 0.0) -> Path:
    """Write what trips between all corners take on the slowed streets, with errors of both signs."""
    pairs = [(u, v) for u in CORNERS for v in CORNERS if u != v]
    found = route(town(folder / "slowed", slowed=True), pairs)
    rng = np.random.default_rng(5)
    rows = [
        f"{r['origin']},{r['destination']},{float(r['seconds'] or 0) / 60 + error_min * rng.normal()}" for r in found
    ]
    path = folder / "times.csv"
    path.write_text("origin,destination,minutes\n" + "\n".join(rows) + "\n")
    return path


def test_factors_that_were_put_in_are_found(tmp_path: Path) -> None:
    settings = town(tmp_path / "map", slowed=False)
    roads, said = build_roads(settings.model_copy(update={"times": str(known(tmp_path))}))
    right, _ = build_roads(town(tmp_path / "slowed", slowed=True))
    assert roads.edge_time_s == pytest.approx(right.edge_time_s, rel=1e-4)
    assert "primary x 1.50, residential x 2.00." in " ".join(said)
    assert "left of them: 0.00 min" in " ".join(said)


def test_errors_of_the_table_stay_as_residuals(tmp_path: Path) -> None:
    """With 72 pairs and errors of 0.1 min both factors are met to three standard errors, and the rest is the error."""
    settings = town(tmp_path / "map", slowed=False)
    roads, said = build_roads(settings.model_copy(update={"times": str(known(tmp_path, 0.1))}))
    free, _ = build_roads(settings)
    factor = roads.edge_time_s / free.edge_time_s
    for name, right in PUT_IN.items():
        mine = factor[np.array(free.class_names)[free.edge_class] == name]
        assert np.ptp(mine) == pytest.approx(0, abs=1e-9)
        assert mine[0] == pytest.approx(right, abs=0.06)
    left = float(" ".join(said).split("left of them: ")[1].split(" ")[0])
    assert left == pytest.approx(0.1, abs=3 * 0.1 / np.sqrt(2 * 72))


def test_classes_few_pairs_drive_on_share_a_factor(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text("origin,destination,minutes\n1,9,5\n9,1,5\n")
    roads, said = build_roads(town(tmp_path / "map", slowed=False).model_copy(update={"times": str(path)}))
    free, _ = build_roads(town(tmp_path / "map", slowed=False))
    assert np.ptp(roads.edge_time_s / free.edge_time_s) == pytest.approx(0, abs=1e-9)
    assert "other classes x" in " ".join(said)


def test_without_a_table_nothing_changes_and_with_another_the_city_is_another(tmp_path: Path) -> None:
    settings = town(tmp_path / "map", slowed=False)
    plain = build_city(settings, tmp_path / "cache")
    path = known(tmp_path)
    fitted = build_city(settings.model_copy(update={"times": str(path)}), tmp_path / "cache")
    assert fitted.key != plain.key
    assert fitted.time.values.max() * fitted.time.resolution > 1.5 * plain.time.values.max() * plain.time.resolution
    text = path.read_text()
    path.write_text(text.replace(text.splitlines()[1], "1,2,3"))
    assert build_city(settings.model_copy(update={"times": str(path)}), tmp_path / "cache").key != fitted.key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("origin,destination,minutes\n1,77,5\n", r"line 2 is \(1, 77, 5\)"),
        ("origin,destination,minutes\n1,2,0\n", "line 2"),
        ("origin,destination,minutes\n1,2,soon\n", "line 2"),
        ("origin,destination,minutes\n1,1,5\n", "line 2"),
        ("origin,destination,minutes\n", "no rows"),
        ("from,to,minutes\n1,2,5\n", "lacks the columns origin, destination"),
    ],
)
def test_tables_that_are_none(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_text(text)
    with pytest.raises(UsageError, match=expected):
        build_roads(town(tmp_path / "map", slowed=False).model_copy(update={"times": str(path)}))
