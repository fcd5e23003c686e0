"""Plugins: modules that register policies, dispatch rules, measures, figures, designs or city formats.

Each is an entry of a `Registry`, which loads plugins by itself. Installed packages name theirs as entry points of the
group "galleria":

    [project.entry-points.galleria]
    my_policies = "my_package.policies"

A researcher's own files need no package: every `*.py` of the folders in `GALLERIA_PLUGINS` (`--plugins FOLDER` on the
command line) is imported, each for itself. A folder of YAML alone (`--config-dir`) never runs code.
"""

import os
import sys
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

GROUP = "galleria"
FOLDERS = "GALLERIA_PLUGINS"
"""Folders of own modules, separated as in PATH; worker processes read it too."""


def load_plugins() -> tuple[str, ...]:
    """Import the plugins of all installed packages and of the folders named; give their names. A second call is free.

    Raises
    ------
    FileNotFoundError
        If a folder is not there.
    """
    return (*_installed(), *(path.stem for path in own_files() if _import_file(path)))


def own_files() -> tuple[Path, ...]:
    """Return the files of the folders named in `GALLERIA_PLUGINS`, each folder's by name.

    Raises
    ------
    FileNotFoundError
        If a folder is not there.
    """
    folders = [Path(name).resolve() for name in os.environ.get(FOLDERS, "").split(os.pathsep) if name]
    if absent := [str(folder) for folder in folders if not folder.is_dir()]:
        raise FileNotFoundError(f"{FOLDERS}: there is no folder {', '.join(absent)}")
    return tuple(path for folder in folders for path in sorted(folder.glob("*.py")))


@lru_cache
def _installed() -> tuple[str, ...]:
    found = tuple(sorted(entry_points(group=GROUP), key=lambda each: each.name))
    for each in found:
        each.load()
    return tuple(each.name for each in found)


def _import_file(path: Path) -> bool:
    """Import a file once, under a name that no package has."""
    name = f"galleria_own_{path.stem}_{sha256(str(path).encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return True
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return False
    module = sys.modules[name] = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return True
