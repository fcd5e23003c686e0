"""Markets of the rows: settings as conf/ states them, with overrides as on a command line."""

from functools import lru_cache

from omegaconf import OmegaConf

from galleria.experiments.design.compose import CONF, Source, composer
from galleria.experiments.design.interpolation import resolved
from galleria.experiments.design.trees import with_value
from galleria.models.city import City, CitySettings, build_city
from galleria.models.market import Market
from galleria.models.measures.outcome import Outcome
from galleria.models.settings.tree import Settings
from galleria.models.settings.validation import settings_in

GROUPS = frozenset(
    {"city", "customers", "retailers", "drivers", "strategy", "market", "meals", "policy", "traffic", "dispatch", "run"}
)


@lru_cache
def _tree(choices: tuple[str, ...]) -> dict[str, object]:
    with composer(Source(CONF)) as opened:
        return opened.compose(choices)


@lru_cache(maxsize=200)
def settings_of(*overrides: str) -> Settings:
    """Compose conf/ with overrides as on a command line (`city=toy`, `drivers.pool=20`)."""
    pairs = [each.split("=", maxsplit=1) for each in overrides]
    tree = _tree(tuple(f"{key}={value}" for key, value in pairs if key in GROUPS))
    for key, value in pairs:
        if key not in GROUPS:
            tree = with_value(tree, key, OmegaConf.from_dotlist([f"given={value}"]).given)
    return settings_in(resolved(tree))


_CITIES: dict[str, City] = {}


def city_of(settings: CitySettings) -> City:
    """Build a city, once in a process."""
    key = settings.model_dump_json()
    if key not in _CITIES:
        _CITIES[key] = build_city(settings)
    return _CITIES[key]


def market_of(*overrides: str, replication: int = 0) -> Market:
    """Make a market that has not run."""
    settings = settings_of(*overrides)
    return Market(settings, city_of(settings.city), replication)


@lru_cache(maxsize=50)
def run_of(*overrides: str, replication: int = 0) -> tuple[Market, Outcome]:
    """Run a market and return it with its outcome; not to be changed by those who look."""
    market = market_of("run.tables=all", *overrides, replication=replication)
    return market, market.run()
