"""From overrides to trees of settings: Hydra composes once for each combination of config groups.

Composing costs Hydra a quarter of a second, setting a scalar on the composed tree some microseconds. Choices of
config groups (policy=none) are therefore composed, once for each combination; assignments (drivers.pool=100)
are set on a copy, and are checked all together instead of one by one.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import hydra
from hydra.core.config_loader import ConfigLoader
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from galleria.experiments.design.trees import JsonTree
from galleria.experiments.design.trusted import problems_of_hydra
from galleria.experiments.design.yaml_files import check_folder
from galleria.models.errors import UsageError

CONF = Path(__file__).resolve().parents[2] / "conf"
"""The folder of the project's own configuration."""

VERSION_BASE = "1.3"
"""The version of Hydra whose defaults hold."""

SEARCH_PATH = "hydra.searchpath"


@dataclass(frozen=True)
class Source:
    """Where configuration files are.

    Attributes
    ----------
    folder
        The project's folder.
    name
        The file that the rest is composed from, without its ending.
    extra
        A researcher's own folder, or None.
    """

    folder: Path
    name: str = "config"
    extra: Path | None = None

    def with_search_path(self, overrides: Sequence[str]) -> list[str]:
        """Return overrides by which Hydra also searches the researcher's own folder.

        Hydra lets `hydra.searchpath` be overridden once, in the place of what the primary file says of it, so the
        folders of all three are put together.
        """
        if self.extra is None:
            return list(overrides)
        given = [text for text in overrides if _is_search_path(text)]
        folders = [f"file://{self.extra.resolve()}", *(_folders_of(given[0]) if given else self.own_search_path())]
        quoted = ",".join("'" + folder.replace("'", "\\'") + "'" for folder in folders)
        return [f"{SEARCH_PATH}=[{quoted}]", *(text for text in overrides if text not in given)]

    def file(self) -> Path | None:
        """Return the file that the rest is composed from, or None when it is missing."""
        folders = [self.folder, *([] if self.extra is None else [self.extra])]
        return next((file for folder in folders if (file := folder / f"{self.name}.yaml").is_file()), None)

    def own_search_path(self) -> list[str]:
        """Return where the primary file says that Hydra also searches."""
        file = self.file()
        try:
            named = None if file is None else OmegaConf.select(OmegaConf.load(file), SEARCH_PATH)
        except Exception as error:  # YAML, OmegaConf and the codec have their own
            raise UsageError(f"{file}: {first_lines(error)}") from error
        return [] if named is None else [str(folder) for folder in named]


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
        """Return the choices of a config group."""
        if group not in self._options:
            found = self.loader.get_group_options(
                group, ObjectType.CONFIG, config_name=self.source.name, overrides=self.source.with_search_path(())
            )
            self._options[group] = list(found)
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
            tree = OmegaConf.to_container(self._call(choices), resolve=False)
            if not isinstance(tree, dict):
                raise UsageError("the configuration is not a mapping of keys to values")
            self._done[key] = {str(name): node for name, node in tree.items() if name != "hydra"}
        return self._done[key]

    def hydra_node(self, choices: Sequence[str]) -> DictConfig:
        """Compose Hydra's own settings (launcher, sweeper)."""
        return DictConfig(self._call(choices).hydra)

    def _call(self, choices: Sequence[str]) -> DictConfig:
        overrides = self.source.with_search_path(choices)
        try:
            composed = hydra.compose(self.source.name, overrides=overrides, return_hydra_config=True)
        except Exception as error:  # Hydra, OmegaConf, YAML and the file system have their own
            said = first_lines(error)
            named = any(name in said for text in choices for name in text.split("="))
            raise UsageError(said if named or not choices else f"{' '.join(choices)}: {said}") from error
        if problems := problems_of_hydra(composed, choices):
            raise UsageError(problems)
        return composed


@contextmanager
def composer(source: Source) -> Iterator[Composer]:
    """Open a source of configuration."""
    if source.extra is not None and not source.extra.is_dir():
        raise UsageError(f"--config-dir {source.extra}: there is no such folder")
    if source.extra is not None:
        check_folder(source.extra)
    if source.file() is None:
        raise UsageError(f"--config-name {source.name}: there is no {source.name}.yaml in {source.folder}")
    if packages := [place for place in source.own_search_path() if place.startswith("pkg:")]:
        raise UsageError(f"{SEARCH_PATH}: {packages[0]} would import a package; a file names folders (file://...)")
    for place in source.own_search_path():
        check_folder(Path(place.removeprefix("file://")))
    with opened(source):
        yield Composer(source, GlobalHydra.instance().config_loader())


@contextmanager
def opened(source: Source) -> Iterator[None]:
    """Let Hydra read from a source, and from what it read before afterwards, as in a script that is Hydra's own."""
    before = GlobalHydra.instance().hydra
    GlobalHydra.instance().clear()
    try:
        with hydra.initialize_config_dir(str(source.folder.resolve()), job_name="galleria", version_base=VERSION_BASE):
            yield
    finally:
        GlobalHydra.instance().hydra = before


def _is_search_path(text: str) -> bool:
    return text.lstrip("+").partition("=")[0] == SEARCH_PATH


def _folders_of(text: str) -> list[str]:
    """Return the folders that an override of `hydra.searchpath` names."""
    value = OverridesParser.create().parse_override(text).value()
    return [str(folder) for folder in value] if isinstance(value, list) else [str(value)]


def first_lines(error: Exception) -> str:
    """Return what an error of Hydra says, its key first, without the lines that a user cannot act on."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    key = next((line.partition(":")[2].strip() for line in lines if line.startswith("full_key:")), "")
    kept = [line for line in lines if not line.startswith(("Set the environment", "full_key", "object_type"))]
    said = " ".join(kept) or type(error).__name__
    if chosen := re.search(r"use 'override (\S+): (\S+)'", said):
        return f"+{chosen[1]}={chosen[2]}: {chosen[1]} is chosen already; leave out the +"
    return f"{key}: {said}" if key and key not in said else said
