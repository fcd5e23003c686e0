"""How large things may grow before they have to be taken apart."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agents", "models", "experiments", "hydra_plugins")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LINES_OF_FILE, LINES_OF_FUNCTION, ATTRIBUTES = 300, 60, 15
# How many parameters a function may have is checked by `make lint`; where one has more, the reason stands beside it.

LARGER = {
    "DayRecord": "what is kept of a day, one attribute a series that some measure reads",
    "Instance": "the tables of a published instance, one attribute a column, named as its authors do",
}
"""Classes with more public attributes, and why; keys of the configuration (`...Settings`) are counted by nobody."""


def attributes(node: ast.ClassDef) -> set[str]:
    """Return the public attributes a class declares or sets as it is made."""
    named = {
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    made = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
    for each in (inner for function in made for inner in ast.walk(function)):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and ast.unparse(each.value) == "self":
            named.add(each.attr)
    return {name for name in named if not name.startswith("_")}


def nodes[N: ast.AST](kind: type[N]) -> Iterator[tuple[Path, N]]:
    """Return all nodes of a kind, with their files."""
    for path in FILES:
        yield from ((path, node) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kind))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_file_is_longer_than_one_subject_needs(package: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in FILES if path.is_relative_to(ROOT / package)}
    assert lengths
    assert {path.name: n for path, n in lengths.items() if n > LINES_OF_FILE} == {}


def test_no_function_is_longer_than_a_page() -> None:
    lengths = {
        (path.name, node.name): (node.end_lineno or 0) - node.lineno + 1 for path, node in nodes(ast.FunctionDef)
    }
    assert len(lengths) > 500
    assert {key: n for key, n in lengths.items() if n > LINES_OF_FUNCTION} == {}


def test_no_class_shows_more_than_can_be_kept_in_mind() -> None:
    shown = {node.name: len(attributes(node)) for _, node in nodes(ast.ClassDef) if not node.name.startswith("_")}
    assert len(shown) > 100
    large = {name for name, n in shown.items() if n > ATTRIBUTES and not name.endswith("Settings")}
    assert large == set(LARGER)
