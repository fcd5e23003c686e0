"""A stand-in for the market with known answers: the Ishigami function, plus noise, failures and naps.

Runnable like the real thing, in processes of its own: `python -m standin -m x.one=0,1`.
"""

import math
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from galleria.experiments.design.compose import CONF, Source
from galleria.experiments.run import main
from galleria.models.errors import UsageError
from galleria.models.settings.errors import problems_of

HERE = Path(__file__).resolve().parent
SOURCE = Source(HERE / "conf", name="standin", extra=CONF)


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class X(Strict):
    one: float = Field(ge=-math.pi, le=math.pi)
    two: float = Field(ge=-math.pi, le=math.pi)
    three: float = Field(ge=-math.pi, le=math.pi)


class Trouble(Strict):
    fail_above: float | None
    nap_s: float = Field(ge=0)


class Wave(Strict):
    a: float
    b: float


class Run(Strict):
    days: int = Field(ge=1)
    seed: int = Field(ge=0)
    replications: int = Field(ge=1)
    output: str | None
    tables: str


class Settings(Strict):
    x: X
    noise_sd: float = Field(ge=0)
    own_noise_sd: float = Field(ge=0)
    trouble: Trouble
    wave: Wave
    run: Run


@dataclass(frozen=True)
class Outcome:
    metrics: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]


def kill_once() -> None:
    """Die as by SIGKILL in the run after some others, once; the environment says so."""
    victim = os.environ.get("STANDIN_KILL")
    if victim is None or Path(victim).exists():
        return
    count = Path(f"{victim}.count")
    with count.open("a", encoding="utf-8") as lines:
        lines.write(".")
    if len(count.read_text(encoding="utf-8")) > int(os.environ.get("STANDIN_KILL_AFTER", "0")):
        Path(victim).touch()
        os.kill(os.getpid(), signal.SIGKILL)


class StandIn:
    """Model of `galleria.experiments.design.model.Model`."""

    def version(self) -> str:
        return os.environ.get("STANDIN_VERSION", "stand-in 1")

    def check(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return Settings.model_validate(tree).model_dump(mode="json")
        except ValidationError as error:
            raise UsageError(problems_of(error, Settings)) from error

    def measures(self) -> Sequence[str]:
        return ("y", "y_squared")

    def shared(self, tree: Mapping[str, Any]) -> Any:
        return tree["wave"]

    def prepare(self, tree: Mapping[str, Any]) -> Any:
        return tree["wave"]

    def simulate(self, tree: Mapping[str, Any], prepared: Any, replication: int) -> Outcome:
        x, trouble = tree["x"], tree["trouble"]
        time.sleep(trouble["nap_s"])
        if trouble["fail_above"] is not None and x["one"] > trouble["fail_above"]:
            raise ValueError(f"x.one is {x['one']}")
        kill_once()
        if os.environ.get("STANDIN_BROKEN"):
            raise RuntimeError("this machine is broken")
        noise = np.random.default_rng([tree["run"]["seed"], replication]).normal(0, tree["noise_sd"])
        own = [round(1e6 * (x[name] + 4)) for name in ("one", "two", "three")]
        noise += np.random.default_rng([tree["run"]["seed"], replication, *own]).normal(0, tree["own_noise_sd"])
        wave = math.sin(x["one"]) + prepared["a"] * math.sin(x["two"]) ** 2
        y = wave + prepared["b"] * x["three"] ** 4 * math.sin(x["one"]) + noise
        metrics = pd.DataFrame({"metric": ["y", "y_squared"], "unit": ["1", "1"], "value": [y, y * y]})
        return Outcome(metrics, {"orders": pd.DataFrame({"order": range(3), "value": [y, y / 2, y / 3]})})

    def report(self, folder: Path) -> tuple[Path, list[str]]:
        page = folder / "report" / "index.html"
        page.parent.mkdir(exist_ok=True)
        page.write_text("<!doctype html><title>stand-in</title>", encoding="utf-8")
        return page, ["y was computed"]


if __name__ == "__main__":
    import standin  # under its importable name, so that workers find the model there

    sys.exit(main(model=standin.StandIn(), source=standin.SOURCE))
