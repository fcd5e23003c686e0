"""Trees are set, merged and resolved as Hydra would, without asking it again."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from galleria.experiments.design.compose import Source, composer
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.trees import has_key, key_paths, with_value, without_key
from galleria.models.errors import UsageError

TREE = {"a": {"b": 1, "c": [1, 2]}, "d": "${a.b}", "e": {"f": "${.g}", "g": "${d}"}}


def test_setting_a_value_leaves_the_given_tree_as_it_was() -> None:
    changed = with_value(TREE, "a.b", 2)
    assert changed["a"] == {"b": 2, "c": [1, 2]}
    assert TREE["a"] == {"b": 1, "c": [1, 2]}


def test_a_mapping_is_merged_into_a_mapping_and_replaces_anything_else() -> None:
    assert with_value(TREE, "a", {"b": 3, "z": 4})["a"] == {"b": 3, "c": [1, 2], "z": 4}
    assert with_value(TREE, "d", {"z": 4})["d"] == {"z": 4}


def test_a_key_can_be_removed() -> None:
    assert without_key(TREE, "a.c")["a"] == {"b": 1}


def test_keys_are_listed_with_their_branches() -> None:
    assert list(key_paths(TREE)) == ["a", "a.b", "a.c", "d", "e", "e.f", "e.g"]
    assert has_key(TREE, "e.g")
    assert not has_key(TREE, "e.g.h")


@pytest.mark.parametrize(
    "tree",
    [
        TREE,
        {"a": 1, "b": {"c": {"d": "${..x}", "e": "${...a}"}, "x": 5}},
        {"a": 1, "text": "a is ${a}"},
        {"a": [1, 2], "whole": "${a}", "item": ["${a}"]},
        {"a": {"b": 1}, "branch": "${a}"},
        {"plain": 1},
    ],
)
def test_references_resolve_as_omegaconf_resolves_them(tree: dict[str, object]) -> None:
    assert resolved(tree) == OmegaConf.to_container(OmegaConf.create(tree), resolve=True)


@pytest.mark.parametrize("tree", [{"a": "${b}", "b": "${a}"}, {"a": "${nothing}"}, {"a": "???"}])
def test_a_reference_that_leads_nowhere_is_told(tree: dict[str, object]) -> None:
    with pytest.raises((UsageError, RecursionError)):
        resolved(tree)


def test_a_missing_folder_or_config_is_told() -> None:
    with pytest.raises(UsageError, match="there is no such folder"), composer(Source(Path(), extra=Path("no"))):
        pass
    with pytest.raises(UsageError, match=r"no nothing\.yaml"), composer(Source(Path(), name="nothing")):
        pass


def test_names_with_dots_in_a_mapping_stay_names() -> None:
    tree = {"design": {"baseline": {"x.one": 1}}}
    changed = with_value(tree, "design.baseline", {"x.two": {"low": 0}})
    assert changed == {"design": {"baseline": {"x.one": 1, "x.two": {"low": 0}}}}
