"""The city of a command line: its options, and the settings they come to."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from galleria.experiments.commands.options import config_dir, overrides, plugins

if TYPE_CHECKING:
    from galleria.models.city.settings import CitySettings


def of_city(function: Callable[..., None]) -> Callable[..., None]:
    """Let a command take a city."""
    return overrides(plugins(config_dir(function)))


def city_settings(overrides: Sequence[str], extra: Path | None) -> "CitySettings":
    """Compose and check the city of a command line; a city.path alone means city=file."""
    from galleria.experiments.design.one_node import one_node
    from galleria.models.city import CitySettings

    chosen = list(overrides)
    if any(text.startswith("city.path=") for text in chosen) and not any(text.startswith("city=") for text in chosen):
        chosen.insert(0, "city=file")
    settings: CitySettings = one_node("city", CitySettings, chosen, "a city command", extra)  # type: ignore[arg-type]
    return settings
