"""Two settings pass from their YAML file to a figure through seven files at most, each of which a reader can follow."""

import re
from pathlib import Path

import pytest

from galleria.experiments.design.compose import CONF

ROOT = CONF.parent

FLOORS = ("conf", "agents", "models", "experiments")

WAYS = {
    "retailers.opt_in.share": (
        ("conf/retailers/base.yaml", r"^  share: "),
        ("agents/retailers/settings.py", r"    share: Share"),
        ("models/settings/tree.py", r"opt_in\.share if"),
        ("models/supply/membership.py", r"settings\.share_listed\("),
        ("models/measures/competition.py", r"stores\.listed\["),
        ("experiments/figures/response.py", r"metric"),
    ),
    "drivers.pool": (
        ("conf/drivers/base.yaml", r"^pool: "),
        ("agents/drivers/settings.py", r"    pool: "),
        ("models/opening/stores_and_drivers.py", r"Drivers\(settings\.pool"),
        ("models/measures/evidence.py", r"drivers\.online_s"),
        ("models/measures/drivers.py", r"evidence\.online_h"),
        ("experiments/figures/response.py", r"metric"),
    ),
}
"""For each setting the files on its way, and what a reader finds there."""


@pytest.mark.parametrize("setting", WAYS)
def test_a_setting_passes_through_few_files_and_never_back_up(setting: str) -> None:
    files = [name for name, _ in WAYS[setting]]
    assert len(files) <= 7
    floors = [name.split("/")[0] for name in files]
    assert floors == sorted(floors, key=FLOORS.index)
    for name, found in WAYS[setting]:
        assert re.search(found, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE), (name, found)


@pytest.mark.parametrize(
    ("read", "readers"),
    [
        (r"\bopt_in\.share (?!=)(if|is None)", {"models/settings/tree.py"}),
        (r"\.share_listed\(", {"models/supply/membership.py", "models/strategy/strategy.py"}),
    ],
)
def test_the_share_is_read_nowhere_else(read: str, readers: set[str]) -> None:
    """The strategy asks it for an entrant, before the membership lists the stores."""
    sources = [path for room in ("agents", "models") for path in Path(ROOT, room).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in sources if re.search(read, path.read_text(encoding="utf-8"))}
    assert found == readers
