"""Every command that a page shows can be given: options and types by the real command line, overrides planned.

What pages' commands do is tried where the page has a test of its own (tutorial, how to, calibration, experiments).
"""

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import matplotlib.pyplot as plt
import pytest
import yaml

from galleria.experiments import cli
from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria
from tests.synthetic_results import supply_by_opt_in, write_results

ROOT = Path(__file__).resolve().parents[3]
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "tests" / "mutants" / "kills.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINES = {"for", "do", "done"}
"""Words of the shell that open a line without a program."""
PLANNED_ELSEWHERE = {"experiments.md", "tutorial.md", "how_to.md", "calibration.md"}
RUN_ELSEWHERE = {"dispatch.md", "experiments.md", "tutorial.md", "house.md", "policies.md", "how_to.md"}
"""Pages whose Python a test of their own runs."""
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
EXTRAS = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"])


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield page and words of every command in a block or in a line of text."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for language, block in BLOCK.findall(text):
            if language in {"sh", "bash", "console"}:
                for line in block.replace("\\\n", " ").splitlines():
                    words = shlex.split(line, comments=True)
                    if words and words[0] not in LINES:
                        yield page.name, words
        for words in re.findall(r"`((?:galleria|make|python) [^`]+)`", BLOCK.sub("", text)):
            if page.name != "CHANGELOG.md" and words != "python -m":  # what was, and a word of English
                yield page.name, shlex.split(words.replace("\n", " ").replace("KIND NAME", "policy mine"))


COMMANDS = list(commands())


def told(words: list[str]) -> list[str]:
    """Return a command without where its output goes."""
    return words[: words.index(">")] if ">" in words else words


@pytest.fixture(scope="module")
def composing() -> Iterator[Composer]:
    with composer(Source(CONF)) as opened:
        yield opened


def context_of(words: list[str]) -> click.Context:
    """Parse a command line as the program would, and run nothing."""
    command: click.Command = cli.galleria
    context = click.Context(command, info_name="galleria")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command = found
    if isinstance(command, click.Group) and not words:
        return context
    try:
        return command.make_context(command.name, words, parent=context)
    except click.MissingParameter:
        assert words == []  # a text names the command alone
        return context
    except click.BadOptionUsage as error:
        if error.message.endswith("requires an argument."):  # a text names the option alone
            return context
        raise


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_command_can_be_given(page: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_lab").mkdir()
    program, *rest = told(words)
    if program == "galleria":
        if rest[0] not in {"--version", "--help"} and "--help" not in rest:
            context_of([word.replace("$market", "base") for word in rest])
    elif program == "make":
        assert {word for word in rest if "=" not in word} <= TARGETS, page
    elif program == "python" and rest[0] == "-m":
        assert find_spec(rest[1]) is not None, rest[1]
    elif program == "python":
        shown = next(path for path in PAGES if path.name == page).read_text(encoding="utf-8")
        assert (ROOT / rest[0]).is_file() or f"```python\n# {rest[0]}\n" in shown
    else:
        raise AssertionError(f"{page}: no test knows what {program} does")


PLANS = [
    (page, words)
    for page, words in {tuple(words): (page, words) for page, words in reversed(COMMANDS)}.values()  # each once
    if page not in PLANNED_ELSEWHERE
    and words[:2] in (["galleria", "run"], ["galleria", "sweep"])
    and not {"--config-dir", "--plugins", "--help"} & set(words)
    and not re.search(r"\.\.\.|[A-Z]{4,}|\$", " ".join(words))
]


@pytest.mark.parametrize(
    ("page", "words"), PLANS, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_what_a_command_asks_for_can_be_planned(page: str, words: list[str], composing: Composer) -> None:
    overrides = [word for word in told(words)[2:] if "=" in word and not word.startswith("--")]
    assert plan_design(parse(overrides, composing), composing, Galleria()).runs, page


def test_extras_that_pages_name_are_there() -> None:
    named = {name for page in PAGES for name in re.findall(r"galleria\[(\w+)\]", page.read_text(encoding="utf-8"))}
    assert named
    assert named <= EXTRAS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_of_settings_parse(page: Path) -> None:
    fences = re.findall(r"^```.*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert "```" not in fences[::2], "a block without a language is run by no test"
    for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert language in {"sh", "python", "yaml", "toml", "text", "math"}, language
        if language == "yaml":
            assert isinstance(yaml.safe_load(block), dict)
        if language == "toml":
            tomllib.loads(block)


def test_the_python_of_pages_without_a_test_of_their_own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """README reads a results folder: here a made one, by the name that README gives it."""
    monkeypatch.chdir(tmp_path)
    write_results(Path("outputs/driver_supply_x_opt_in/..."), supply_by_opt_in())
    ran = set()
    for page in PAGES:
        for language, block in BLOCK.findall(page.read_text(encoding="utf-8")):
            if language == "python" and page.name not in RUN_ELSEWHERE:
                exec(compile(block, page.name, "exec"), {"__name__": page.stem})  # noqa: S102 (our own page)
                ran.add(page.name)
    plt.close("all")
    assert {"README.md", "mesa.md"} <= ran


def test_every_part_of_a_page_that_a_link_names_is_there() -> None:
    broken = []
    for page in PAGES:
        for target, part in re.findall(r"\]\(([\w./]*\.md)?#([\w-]+)\)", page.read_text(encoding="utf-8")):
            where = (page.parent / target) if target else page
            titles = re.findall(r"^#+ (.+)$", where.read_text(encoding="utf-8"), flags=re.MULTILINE)
            slugs = {
                re.sub(r"[^\w -]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", each).lower()).replace(" ", "-")
                for each in titles
            }
            if part not in slugs:
                broken.append(f"{page.name}: {target}#{part}")
    assert broken == []
