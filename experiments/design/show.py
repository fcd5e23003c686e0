"""The configuration as Hydra composes it, shown instead of run."""

from collections.abc import Sequence

from hydra.core.global_hydra import GlobalHydra

from galleria.experiments.design.compose import Source, composer, first_lines
from galleria.experiments.design.request import parse
from galleria.models.errors import UsageError


def show_config(source: Source, overrides: Sequence[str], kind: str, package: str | None, *, resolve: bool) -> None:
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
    _ask("show_cfg", source, overrides, cfg_type=kind, package=package, resolve=resolve)


def show_info(source: Source, overrides: Sequence[str], what: str) -> None:
    """Print what Hydra says of itself: all, config, defaults, defaults-tree, plugins or searchpath."""
    _ask("show_info", source, overrides, info=what)


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
