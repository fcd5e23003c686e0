"""What becomes of a mutated configuration: accepted, refused in words that name the key, or a fault of ours.

A case passes the whole way of `galleria sweep` from a command line to a plan, and, of a sample, to a simulated day.
"""

import math
import os
import re
import resource
import signal
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from galleria.experiments.design.compose import CONF, Composer, Source, composer
from galleria.experiments.design.plan import Plan
from galleria.experiments.design.planning import plan_design
from galleria.experiments.design.request import parse
from galleria.experiments.galleria import Galleria
from galleria.experiments.verification.identities import CENT, unbalanced_units, welfare_gap_usd
from galleria.models.city import build_city
from galleria.models.errors import UsageError
from galleria.models.settings.validation import validate
from galleria.models.simulate import open_market
from tests.fuzz.mutations import Case

HEADLINE = (
    *("welfare_usd", "consumer_surplus_usd", "driver_surplus_usd", "retailer_profit_usd", "public_revenue_usd"),
    *("occasions", "orders_placed", "orders_delivered", "vkt_km", "co2_kg"),
)
"""Measures that have a value in any market."""

MOST_S = 5.0
"""Seconds of processor time after which a case hangs."""

MEMORY = 6 * 2**30
"""Bytes of address space that a case may ask for."""

FINE = ("refused", "planned", "simulated")
"""Verdicts that are none of ours to mend; all others are faults."""


class TooSlowError(BaseException):
    """A case took too long; nothing on the way catches it."""


def judge(case: Case, overrides: tuple[str, ...], composing: Composer, *, simulated: bool) -> tuple[str, str]:
    """Take a case the whole way.

    Returns
    -------
    Its verdict, one of `FINE` or what is wrong, and what was said.
    """
    try:
        with _watched(), warnings.catch_warnings():
            warnings.simplefilter("error")
            return _outcome(case, overrides, composing, simulated=simulated)
    except UsageError as error:
        return _refusal(case, error.paragraph())
    except TooSlowError:
        return "hangs", f"more than {MOST_S:.0f} s"
    except MemoryError as error:
        return "memory", str(error)
    except Warning as warning:
        return "warns", f"{type(warning).__name__}: {warning}"
    except Exception as error:  # noqa: BLE001 (any other error is what is looked for)
        place = _where(error)
        return "traceback", f"{type(error).__name__}: {error} ({place})"


def _outcome(case: Case, overrides: tuple[str, ...], composing: Composer, *, simulated: bool) -> tuple[str, str]:
    plan = _planned(case, overrides, composing)
    if not simulated or plan.points is None:
        return "planned", ""
    settings = validate({name: node for name, node in plan.trees[0].items() if name != "uncertainty"})
    market = open_market(settings, build_city(settings.city), 0)
    outcome = market.run()
    values = dict(zip(outcome.metrics["metric"], outcome.metrics["value"], strict=True))
    wrong = [name for name in HEADLINE if not math.isfinite(values[name])]
    wrong += [str(name) for name, value in values.items() if math.isinf(value)]
    if wrong:
        return "nonsense", f"not finite: {', '.join(wrong)}"
    if unbalanced_units(market):
        return "nonsense", "the ledger does not balance"
    if welfare_gap_usd(market, outcome) >= CENT:
        return "nonsense", f"the welfare identity misses by {welfare_gap_usd(market, outcome):g} $"
    return "simulated", ""


def _planned(case: Case, overrides: tuple[str, ...], composing: Composer) -> Plan:
    """Plan what a case asks for."""
    if case.way == "file":
        return _planned_from_file(case, overrides)
    asked = overrides if case.tree is None else ()
    if case.tree is not None:
        composing = replace(composing, _done={(): case.tree})
    request = parse((*asked, *([case.override] if case.override else [])), composing)
    return plan_design(request, composing, Galleria())


def _planned_from_file(case: Case, overrides: tuple[str, ...]) -> Plan:
    """Plan with a stranger's file; Hydra is at rest meanwhile."""
    group = case.key
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / group).mkdir()
        (Path(name) / group / "mine.yaml").write_bytes(case.file)
        with composer(Source(CONF, extra=Path(name))) as composing:
            return plan_design(parse((*overrides, f"{group}=mine"), composing), composing, Galleria())


def _refusal(case: Case, said: str) -> tuple[str, str]:
    """Say whether a refusal is one clear paragraph that names the key."""
    if "Traceback" in said or len(said) > 20_000:
        return "unclear", said[:300]
    parts = [part for part in case.key.split(".") if part]
    named = any(part in said for part in parts[-2:]) or _KEY.search(said) is not None
    if case.way in {"leaf", "structure"} and parts and not named:
        return "unnamed", said[:300]
    return "refused", ""


_KEY = re.compile(r"\b(city|customers|retailers|drivers|couriers|strategy|policy|dispatch|traffic|meals|run)\.[a-z_]+")
"""Another key than the one that was changed: what is wrong may show elsewhere."""


def _where(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if any(f"/{room}/" in code.co_filename for room in ("agents", "models", "experiments")):
            place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


@contextmanager
def _watched() -> Iterator[None]:
    """Stop what takes too much processor time."""

    def stop(_: int, __: Any) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def bounded() -> None:
    """Bound the memory of this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def watch_files(allowed: tuple[Path, ...], told: list[str]) -> None:
    """Tell from now on which files are opened for writing, or folders made, elsewhere."""
    places = tuple(str(place) for place in allowed)

    def hook(event: str, given: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(given[0], str) and isinstance(given[2], int) and given[2] & _WRITING
        elsewhere = (writes or event == "os.mkdir") and not str(Path(given[0]).absolute()).startswith(places)
        if elsewhere and "__pycache__" not in str(given[0]):  # compiled code, once a machine
            told.append(str(given[0]))

    sys.addaudithook(hook)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
