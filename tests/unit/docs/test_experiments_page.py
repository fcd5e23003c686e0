"""The page on experiments: its commands can be given as they stand, and it lists every design."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import galleria
from galleria.experiments.cli import main
from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.figure_names import built_in
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "experiments.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line, comments=True)
    for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL)
    for line in block.splitlines()
    if line.startswith("galleria ")
]


@pytest.fixture(scope="module")
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def test_every_design_is_on_the_page() -> None:
    assert [path.stem for path in (CONF / "design").glob("*.yaml") if f"| `{path.stem}` |" not in PAGE] == []


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[1] in {"run", "sweep"}], ids=" ".join)
def test_every_sweep_of_the_page_can_be_planned(words: list[str], composing: Composer) -> None:
    overrides = [word for word in words[2:] if "=" in word]
    assert plan_design(parse(overrides, composing), composing, Galleria()).runs


@pytest.mark.parametrize("words", [words for words in COMMANDS if words[1] not in {"run", "sweep"}], ids=" ".join)
def test_every_other_command_of_the_page_gets_as_far_as_its_folder(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words[1:]) == 2
    assert "is not a results folder" in capsys.readouterr().err


def test_a_hydra_program_of_ones_own_returns_what_a_sweeper_maximises() -> None:
    """As one trial of Optuna's sweeper asks it; the sweeper itself is no part of the tests' environment."""
    block = re.search(r"```python\n# search.py\n(.*?)\nmain\(\)\n```", PAGE, flags=re.DOTALL)
    assert block is not None
    told: dict[str, Any] = {}
    exec(compile(block[1], "search.py", "exec"), told)  # noqa: S102 (our own page)
    asked = ["city=toy", "city.households=2000", "couriers.mall_direct.fee_usd=3.5"]
    welfare = galleria.run(asked).metrics.set_index("metric").loc["welfare_usd", "value"]
    assert told["main"].__wrapped__(SimpleNamespace(fee=3.5)) == welfare


def test_every_figure_that_can_be_asked_for_is_on_the_page() -> None:
    names = built_in()
    assert [name for name in names if f"`{name}`" not in PAGE] == []
