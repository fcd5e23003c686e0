"""What a configuration may have Hydra do: a stranger's YAML chooses settings, runs nothing and writes nowhere else.

Hydra makes objects of what `_target_` names, hands a tree to `logging.config.dictConfig`, which calls what stands
under `()`, and writes where `hydra.run.dir` says. An experiment's file can set all of that, so it is looked at as
soon as it is composed, before Hydra makes anything of it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from hydra.core.plugins import Plugins
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

_TARGET = "_target_"

_PLACES = {
    "run.dir": "${run.output}/.work/hydra",
    "sweep.dir": "${run.output}/.work/hydra",
    "sweep.subdir": ".",
    "output_subdir": None,
}
"""Where Hydra writes, below `hydra`; results stand in `run.output`."""

_HANDLERS = {"logging.StreamHandler", "logging.NullHandler"}
_STREAMS = {"ext://sys.stdout", "ext://sys.stderr"}
_LOG_FILE = "${hydra.runtime.output_dir}/${hydra.job.name}.log"
"""Hydra's own name for a log file, in the results folder's work."""

_COMMANDS_ONLY: dict[str, Any] = {
    "setup": None,
    "srun_args": None,
    "python": None,
    "additional_parameters": {},
    "temp_folder": None,
    "submitit_folder": "${hydra.sweep.dir}/.submitit/%j",
}
"""Settings of launchers that run shell commands or write, and their defaults; a person gives them, no file."""


def problems_of_hydra(config: DictConfig, overrides: Sequence[str]) -> list[str]:
    """Say what a composed configuration would have Hydra do that it must not.

    Parameters
    ----------
    config
        With its node `hydra`; interpolations as they are written.
    overrides
        What a person gave on the command line.

    Returns
    -------
    One sentence for each key; none for a configuration that is safe to run.
    """
    hydra = config.get("hydra")
    if not isinstance(hydra, DictConfig):
        return ["hydra: this is no mapping of Hydra's settings"]
    whole = OmegaConf.to_container(config, resolve=False)
    problems = [
        f"{'.'.join(path)}: only hydra.launcher and hydra.sweeper name classes; what you add registers under a name"
        for path, _ in _walk(whole)
        if path[-1] == _TARGET and path not in {("hydra", "launcher", _TARGET), ("hydra", "sweeper", _TARGET)}
    ]
    problems += _of_plugin(hydra, "launcher", Launcher) + _of_plugin(hydra, "sweeper", Sweeper)
    raw = whole["hydra"] if isinstance(whole, dict) else {}
    if raw.get("callbacks"):
        problems.append("hydra.callbacks: callbacks run code, so none is called; leave them out")
    parts: dict[str, dict[str, Any]] = {}
    for name in ("run", "sweep", "launcher", "sweeper", "job", "job_logging", "hydra_logging"):
        parts[name] = raw[name] if isinstance(raw.get(name), dict) else {}
        if not parts[name]:
            problems.append(f"hydra.{name}: this must be a mapping that is written out, not {raw.get(name)}")
    for name in ("job_logging", "hydra_logging"):
        problems += _of_logging(f"hydra.{name}", parts[name])
    problems += _of_places({**parts, "output_subdir": raw.get("output_subdir")})
    problems += _of_launcher(parts["launcher"], overrides) + _of_job(parts["job"])
    if parts["sweeper"].get("params"):
        problems.append("hydra.sweeper.params: name what varies in design.factors, or on the command line")
    return problems


def _of_plugin(hydra: DictConfig, part: str, kind: type) -> list[str]:
    """Check that a launcher or sweeper is an installed plugin, also where it stands behind an interpolation."""
    try:
        node = OmegaConf.to_container(hydra[part], resolve=True)
    except OmegaConfBaseException as error:
        return [f"hydra.{part}: {' '.join(str(error).split())}"]
    known = {f"{plugin.__module__}.{plugin.__name__}" for plugin in Plugins.instance().discover(kind)}
    target = node.get(_TARGET) if isinstance(node, dict) else None
    problems = []
    if target not in known:
        names = ", ".join(sorted(name.rpartition(".")[2] for name in known))
        problems.append(f"hydra.{part}.{_TARGET}: {target} is no installed {part} of Hydra; there are {names}")
    nested = [path for path, _ in _walk(node) if path[-1] == _TARGET and len(path) > 1]
    return problems + [f"hydra.{part}.{'.'.join(path)}: no more than the {part} itself is made" for path in nested]


def _of_logging(key: str, node: dict[str, Any]) -> list[str]:
    """Check a tree for `logging.config`: messages go to the terminal, and nothing is called."""
    problems = []
    for path, value in _walk(node):
        where = ".".join((key, *path))
        if path[-1] in {"()", "."} or (path[-1] == "class" and value not in {*_HANDLERS, "logging.FileHandler"}):
            problems.append(f"{where}: a log that makes objects of {value} runs code; leave it out")
        elif path[-1] == "filename" and value != _LOG_FILE:
            problems.append(f"{where}: a log outside the results folder is not written")
        elif isinstance(value, str) and path[-1] != "filename" and _refers(value) and value not in _STREAMS:
            problems.append(f"{where}: a log's settings refer to nothing else; write the value")
    return problems


def _refers(text: str) -> bool:
    return "${" in text or "://" in text


def _of_places(hydra: dict[str, Any]) -> list[str]:
    """Check that Hydra writes into the results folder's work."""
    problems = []
    for key, ours in _PLACES.items():
        node: Any = hydra
        for name in key.split("."):
            node = node.get(name) if isinstance(node, dict) else None
        if node != ours:
            problems.append(f"hydra.{key}: results stand in run.output and Hydra writes nothing else; leave it out")
    return problems


def _of_launcher(launcher: dict[str, Any], overrides: Sequence[str]) -> list[str]:
    """Check that shell commands for a cluster come from a person's command line."""
    given = {text.lstrip("+").partition("=")[0] for text in overrides}
    problems = []
    for name, usual in _COMMANDS_ONLY.items():
        key = f"hydra.launcher.{name}"
        said = any(text == key or text.startswith(f"{key}.") for text in given)
        if launcher.get(name, usual) != usual and not said:
            problems.append(f"{key}: this runs commands or writes files, so it is taken from the command line alone")
    problems += [
        f"hydra.launcher.{'.'.join(path)}: several lines, where one is meant"
        for path, value in _walk(launcher)
        if isinstance(value, str) and len(value.splitlines()) > 1
    ]
    return problems


def _of_job(job: dict[str, Any]) -> list[str]:
    """Check where runs work, their environment, and the name that files have."""
    problems = []
    env = job.get("env_set") or {}
    if not isinstance(env, dict) or not all(str(name).endswith("_NUM_THREADS") for name in env):
        problems.append("hydra.job.env_set: a configuration sets numbers of threads alone; set the rest in your shell")
    if job.get("chdir"):
        problems.append("hydra.job.chdir: paths are read from the folder you call from; leave it out")
    if not re.fullmatch(r"[\w-]+", str(job.get("name"))):
        problems.append("hydra.job.name: a name has letters, digits, - and _")
    return problems


def _walk(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Return the path and value of every key of a tree, lists included."""
    for name, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        here = (*path, str(name))
        yield here, value
        yield from _walk(value, here)
