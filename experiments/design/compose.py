"""From a command line to trees of settings: Hydra composes once, scalars are set on the result.

Composing costs Hydra a quarter of a second, setting a scalar on the composed tree some microseconds. Choices of
config groups (policy=none) are therefore composed, once for each combination; assignments (drivers.pool=100)
are set on a copy, and are checked all together instead of one by one.
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hydra import compose, version
from hydra._internal.hydra import Hydra
from hydra._internal.utils import create_config_search_path
from hydra.core.config_loader import ConfigLoader
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from experiments.errors import UsageError

CONF = Path(__file__).resolve().parents[2] / "conf"
"""The folder of the project's own configuration."""

JsonTree = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Where configuration files are: the project's folder, and a researcher's own before it."""

    folder: Path
    name: str = "config"
    extra: Path | None = None


@dataclass
class Composer:
    """Composes trees of settings from one source, and remembers those it has composed."""

    source: Source
    loader: ConfigLoader
    _done: dict[tuple[str, ...], JsonTree] = field(default_factory=dict)
    _options: dict[str, list[str]] = field(default_factory=dict)

    def is_group(self, key: str) -> bool:
        """Say whether a key names a config group."""
        return bool(self.options(key))

    def options(self, group: str) -> list[str]:
        """List the choices of a config group."""
        if group not in self._options:
            self._options[group] = list(self.loader.get_group_options(group, ObjectType.CONFIG))
        return self._options[group]

    def compose(self, choices: Sequence[str]) -> JsonTree:
        """Compose a tree; interpolations stay as they are written.

        Parameters
        ----------
        choices
            Overrides as on a command line, those of config groups and of Hydra itself.

        Returns
        -------
        Plain dicts, lists and scalars; not to be changed.
        """
        key = tuple(choices)
        if key not in self._done:
            try:
                config = self._call(choices, hydra_node=False)
            except Exception as error:  # Hydra, OmegaConf, YAML and the file system have their own
                raise UsageError(_first_lines(error)) from error
            tree = OmegaConf.to_container(config, resolve=False)
            if not isinstance(tree, dict):
                raise UsageError("the configuration is not a mapping of keys to values")
            self._done[key] = {str(name): node for name, node in tree.items()}
        return self._done[key]

    def hydra_node(self, choices: Sequence[str]) -> DictConfig:
        """Compose Hydra's own settings (launcher, sweeper)."""
        try:
            node = self._call(choices, hydra_node=True)
        except Exception as error:
            raise UsageError(_first_lines(error)) from error
        return DictConfig(node.hydra)

    def _call(self, choices: Sequence[str], *, hydra_node: bool) -> DictConfig:
        return compose(self.source.name, overrides=list(choices), return_hydra_config=hydra_node)


@contextmanager
def composer(source: Source) -> Iterator[Composer]:
    """Open a source of configuration."""
    if source.extra is not None and not source.extra.is_dir():
        raise UsageError(f"--config-dir {source.extra}: there is no such folder")
    if not (source.folder / f"{source.name}.yaml").is_file() and (
        source.extra is None or not (source.extra / f"{source.name}.yaml").is_file()
    ):
        raise UsageError(f"--config-name {source.name}: there is no {source.name}.yaml in {source.folder}")
    search_path = create_config_search_path(str(source.folder.resolve()))
    if source.extra is not None:
        search_path.prepend(
            provider="command-line",
            path=source.extra.resolve().as_uri(),
            anchor=SearchPathQuery(provider="schema"),
        )
    version.setbase("1.3")
    GlobalHydra.instance().clear()
    try:
        loader = Hydra.create_main_hydra2("galleria", search_path).config_loader
        yield Composer(source, loader)
    finally:
        GlobalHydra.instance().clear()


def key_paths(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """List the dotted keys of a tree, branches and leaves."""
    for name, node in tree.items():
        yield f"{prefix}{name}"
        if isinstance(node, Mapping):
            yield from key_paths(node, f"{prefix}{name}.")


def has_key(tree: Mapping[str, Any], key: str) -> bool:
    """Say whether a dotted key stands in a tree."""
    node: Any = tree
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True


def value_at(tree: Mapping[str, Any], key: str) -> Any:
    """Give the value of a dotted key."""
    node: Any = tree
    for part in key.split("."):
        node = node[part]
    return node


def with_value(tree: JsonTree, key: str, value: Any) -> JsonTree:
    """Give a tree in which one key is set; a mapping is merged into a mapping, as Hydra does.

    Only the branch that changes is copied; the rest is shared with the given tree.
    """
    head, _, rest = key.partition(".")
    old = tree.get(head)
    if rest:
        return {**tree, head: with_value(old if isinstance(old, dict) else {}, rest, value)}
    return {**tree, head: _merged(old, value)}


def _merged(old: Any, new: Any) -> Any:
    """Put a value in the place of another; the names of a mapping are taken as they stand, dots and all."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{str(name): _merged(old.get(str(name)), node) for name, node in new.items()}}
    return copy.deepcopy(new)


def without_key(tree: JsonTree, key: str) -> JsonTree:
    """Give a tree in which one key is absent."""
    head, _, rest = key.partition(".")
    if rest:
        return {**tree, head: without_key(tree[head], rest)}
    return {name: node for name, node in tree.items() if name != head}


def resolved(tree: JsonTree) -> JsonTree:
    """Replace the interpolations of a tree by their values.

    References to another key (${drivers.pool}, ${.pool}) are followed here, in microseconds; anything beyond
    them (resolvers, text around a reference) is left to OmegaConf, in tens of milliseconds.
    """
    result = tree
    for path, text in _interpolations(tree, ()):
        try:
            if any(part.isdigit() for part in path):
                return _resolved_by_omegaconf(tree)
            value = _follow(tree, path, text, _LONGEST_CHAIN)
        except (LookupError, TypeError, ValueError):
            return _resolved_by_omegaconf(tree)
        result = with_value(result, ".".join(path), value)
    return result


_LONGEST_CHAIN = 20
"""References to references: more than this is a circle."""

_REFERENCE = re.compile(r"\$\{(\.*)([A-Za-z_]\w*(?:\.\w+)*)\}")


def _follow(tree: JsonTree, path: tuple[str, ...], text: str, left: int) -> Any:
    """Give the value that the reference `text`, standing at `path`, leads to."""
    match = _REFERENCE.fullmatch(text)
    if match is None or left == 0:
        raise ValueError
    dots, key = match.groups()
    target = (*path[: len(path) - len(dots)], *key.split(".")) if dots else tuple(key.split("."))
    value = value_at(tree, ".".join(target))
    if isinstance(value, str) and "${" in value:
        return _follow(tree, target, value, left - 1)
    if isinstance(value, dict | list):
        raise TypeError
    return value


def _interpolations(node: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find the places where interpolations stand."""
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _interpolations(inner, (*path, str(name)))
    elif isinstance(node, list | tuple):
        for i, inner in enumerate(node):
            yield from _interpolations(inner, (*path, str(i)))
    elif isinstance(node, str) and ("${" in node or node == "???"):
        yield path, node


def _resolved_by_omegaconf(tree: JsonTree) -> JsonTree:
    try:
        plain = OmegaConf.to_container(OmegaConf.create(tree), resolve=True, throw_on_missing=True)
    except OmegaConfBaseException as error:
        raise UsageError(_first_lines(error)) from error
    if not isinstance(plain, dict):
        raise TypeError
    return {str(name): node for name, node in plain.items()}


def _first_lines(error: Exception) -> str:
    """Shorten an error of Hydra to what a user can act on."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("Set the environment", "full_key", "object_type"))]
    return " ".join(kept) or type(error).__name__
