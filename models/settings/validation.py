"""Validation: a tree of settings is checked as a whole, and all that is wrong is said at once."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from galleria.agents.kernel.plugins import load_plugins
from galleria.models.errors import UsageError
from galleria.models.settings.checks.channels import wrong_channels
from galleria.models.settings.checks.contradictions import contradictions
from galleria.models.settings.checks.economics import wrong_economics
from galleria.models.settings.checks.meals import wrong_meals
from galleria.models.settings.errors import problems_of
from galleria.models.settings.tree import Settings


def validate(tree: Mapping[str, Any]) -> Settings:
    """Check a tree of settings, of plugins too.

    Raises
    ------
    UsageError
        With every problem: full key, value, allowed range, nearest right key.
    """
    load_plugins()
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        raise UsageError(problems_of(error, Settings)) from error
    checks = (wrong_channels, wrong_economics, contradictions, wrong_meals)
    if problems := [problem for check in checks for problem in check(settings)]:
        raise UsageError(problems)
    return settings


def settings_in(config: Mapping[str, Any]) -> Settings:
    """Check the settings of the model that a resolved configuration holds beside what is asked of it.

    Raises
    ------
    UsageError
        As `validate`.
    """
    return validate({name: node for name, node in config.items() if name in Settings.model_fields})
