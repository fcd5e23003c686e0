"""Galleria: a laboratory for policy experiments on mall-direct gig delivery.

    import galleria

    outcome = galleria.run(["city=toy", "drivers.pool=60"])
    results = galleria.sweep(["drivers.pool=100,200", "run.replications=4"], "outputs/drivers")
    results.summary

Everything named here is imported when it is first used.
"""

from importlib import import_module
from importlib.metadata import version as _version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from galleria import plot
    from galleria.experiments.results import Results, load
    from galleria.experiments.scripting import calibrate, city, compare, market, run, settings, sweep
    from galleria.experiments.view.notebook import view
    from galleria.models.errors import UsageError
    from galleria.models.market import Market

__all__ = [
    "Market",
    "Results",
    "UsageError",
    "calibrate",
    "city",
    "compare",
    "load",
    "market",
    "plot",
    "run",
    "settings",
    "sweep",
    "view",
]

__version__ = _version("galleria")

_ROOT = Path(__file__).resolve().parent.parent
if (_ROOT / "agents" / "__init__.py").is_file() and (_ROOT / "pyproject.toml").is_file():
    __path__.append(str(_ROOT))  # a checkout: agents/, models/ and experiments/ stand beside this folder, not in it

_HOME = {
    "Results": "galleria.experiments.results",
    "load": "galleria.experiments.results",
    "UsageError": "galleria.models.errors",
    "Market": "galleria.models.market",
    "view": "galleria.experiments.view.notebook",
}


def __getattr__(name: str) -> Any:
    """Import what the public name stands for."""
    if name not in __all__:
        raise AttributeError(f"module 'galleria' has no attribute {name!r}")
    if name == "plot":
        return import_module("galleria.plot")
    return getattr(import_module(_HOME.get(name, "galleria.experiments.scripting")), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
