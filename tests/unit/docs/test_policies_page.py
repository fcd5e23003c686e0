"""The page on policies: its code makes a policy that runs from its YAML and as a plugin, and every choice is on it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf

from galleria.agents.regulator.policy import POLICIES
from galleria.experiments.new import rendered
from galleria.models.market import Market
from galleria.models.settings.validation import validate
from tests.market_worlds import BUSY_TOY, city_of, settings_of

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")


def code(language: str) -> str:
    """Return the page's code in a language."""
    return "".join(re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL))


def test_every_policy_is_on_the_page() -> None:
    for path in (ROOT / "conf" / "policy").glob("*.yaml"):
        assert f"`{path.stem}`" in PAGE, path.stem


def test_the_policy_of_the_page_pays_at_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(POLICIES, "_entries", dict(POLICIES._entries))
    exec(compile(code("python"), "docs/policies.md", "exec"), {})  # noqa: S102 (our own page)
    given = OmegaConf.to_container(OmegaConf.create(code("yaml")))
    settings = validate(settings_of(*BUSY_TOY).model_dump(mode="json") | {"policy": given})
    city = city_of(settings.city)
    market = Market(settings, city, 0)
    market.run()
    orders, n = market.world.orders, market.world.orders.count
    gig = np.flatnonzero(orders.driver[:n] >= 0)
    night = np.isin(orders.accepted_s[gig] // 3600 % 24, [*range(20, 24), *range(6)])
    alone = orders.bundle[gig] == 1
    assert (night & alone).any()
    assert (orders.raised_usd[gig[alone]] == np.where(night, 2.0, 0.0)[alone]).all()


def test_the_page_shows_what_the_command_writes() -> None:
    written = rendered("policy", "night_bonus", Path("my_lab"))
    assert written == {"night_bonus.py": code("python"), "policy/night_bonus.yaml": code("yaml")}


def test_a_plugin_registers_its_policies_before_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "night_bonus.py").write_text(code("python"), encoding="utf-8")
    about = tmp_path / "my_package-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: my_package\nVersion: 1.0\n", encoding="utf-8")
    points = code("toml").replace("[project.entry-points.galleria]", "[galleria]").replace('"', "")
    (about / "entry_points.txt").write_text(points, encoding="utf-8")
    script = (
        "import galleria; from galleria.agents.regulator.policy import POLICIES; galleria.settings(); print(*POLICIES)"
    )
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True)
    assert "night_bonus" in done.stdout.split()
