"""One design point of the configuration, or one node of it for commands that need no more (a city, a dispatch rule)."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError, create_model

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.request import parse
from galleria.experiments.design.trees import JsonTree, key_paths
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of, unknown_key


def one_tree(overrides: Sequence[str], command: str, extra: Path | None) -> JsonTree:
    """Compose the configuration under overrides that name one value each.

    Parameters
    ----------
    overrides
        As on a command line.
    command
        Who takes one value only, for the message.
    extra
        A researcher's own folder of YAML.

    Raises
    ------
    UsageError
        With all problems.
    """
    with composer(Source(CONF, extra=extra)) as compose:
        request = parse(overrides, compose)
        composed = compose.compose(request.choices)
        tree = request.apply(composed)
        unknown = [unknown_key(key, list(key_paths(composed))) for key in request.absent(composed)]
        problems = [*request.problems, *unknown, *(f"{key}: {command} takes one value" for key in request.sweeps)]
        if problems:
            raise UsageError(problems)
        return resolved(tree)


def one_node[S](name: str, settings: type[S], overrides: list[str], command: str, extra: Path | None) -> S:
    """Compose the configuration under overrides and validate one of its nodes.

    Parameters
    ----------
    name, settings
        The node and its type.
    overrides, command, extra
        See `one_tree`.
    """
    tree = one_tree(overrides, command, extra)
    asked = create_model("Asked", **{name: (settings, ...)})  # type: ignore[call-overload]
    try:
        value: S = getattr(asked.model_validate({name: tree[name]}), name)
    except ValidationError as error:
        raise UsageError(problems_of(error, asked)) from error
    return value
