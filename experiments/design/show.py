"""The configuration as Hydra composes it, shown instead of run."""

from collections.abc import Sequence

from hydra.core.global_hydra import GlobalHydra
from omegaconf import OmegaConf

from galleria.experiments.design.compose import Source, composer, first_lines
from galleria.experiments.design.request import parse
from galleria.experiments.design.trees import has_key, key_paths
from galleria.models.errors import UsageError
from galleria.models.settings.errors import unknown_key


def show_if_asked(
    source: Source, overrides: Sequence[str], *, info: str | None, cfg: str | None, package: str | None, resolve: bool
) -> bool:
    """Print what the options ask to see instead of a run; say whether they did."""
    if info:
        _show_info(source, overrides, info)
    elif cfg:
        _show_config(source, overrides, cfg, package, resolve=resolve)
    elif package or resolve:
        raise UsageError("--package and --resolve are of what --cfg shows: give --cfg job as well")
    return bool(info or cfg)


def _show_config(source: Source, overrides: Sequence[str], kind: str, package: str | None, *, resolve: bool) -> None:
    """Print a configuration as YAML.

    Parameters
    ----------
    source, overrides
        What is composed.
    kind
        "job" for the model and the question, "hydra" for Hydra's own settings, "all" for both.
    package
        Only this part of it.
    resolve
        References replaced by their values.
    """
    if package is not None:
        _check_package(source, overrides, kind, package)
    _ask("show_cfg", source, overrides, cfg_type=kind, package=package, resolve=resolve)


def _show_info(source: Source, overrides: Sequence[str], what: str) -> None:
    """Print what Hydra says of itself: all, config, defaults, defaults-tree, plugins or searchpath."""
    _ask("show_info", source, overrides, info=what)


def _check_package(source: Source, overrides: Sequence[str], kind: str, package: str) -> None:
    """Raise UsageError for a part that is not in what is shown."""
    with composer(source) as composing:
        request = parse(overrides, composing)
        tree = {} if kind == "hydra" else request.apply(composing.compose(request.choices))
        if kind != "job":
            tree = tree | {"hydra": OmegaConf.to_container(composing.hydra_node(request.choices), resolve=False)}
    if not request.problems and not has_key(tree, package):
        raise UsageError(f"--package {unknown_key(package, list(key_paths(tree)))}")


def _ask(what: str, source: Source, overrides: Sequence[str], **how: object) -> None:
    with composer(source) as composing:
        request = parse(overrides, composing)
        if request.problems:
            raise UsageError(request.problems)
        values = [*(each.text for each in request.assignments), *(each.text for each in request.swept)]
        try:
            getattr(GlobalHydra.instance().hydra, what)(
                config_name=source.name, overrides=source.with_search_path([*request.choices, *values]), **how
            )
        except Exception as error:  # Hydra, OmegaConf, YAML and the file system have their own
            raise UsageError(first_lines(error)) from error
