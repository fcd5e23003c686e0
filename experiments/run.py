"""The Hydra entry point: `python -m galleria.experiments.run [-m] [OVERRIDES]`.

It takes Hydra's own flags and does what `galleria run` and, with `-m`, `galleria sweep` do.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click
import hydra

from galleria.experiments.commands.options import DIR, run_program
from galleria.experiments.commands.run import INFO, KINDS
from galleria.experiments.design.compose import CONF, VERSION_BASE, Source
from galleria.experiments.design.model import Model
from galleria.experiments.design.show import show_if_asked
from galleria.experiments.galleria import Galleria
from galleria.experiments.sweep.command import Command
from galleria.experiments.sweep.execute import execute
from galleria.experiments.sweep.job import Job

__all__ = ["main"]


@click.command(add_help_option=False)
@click.argument("overrides", nargs=-1)
@click.option("--help", "-h", "help_", is_flag=True)
@click.option("--hydra-help", is_flag=True)
@click.option("--version", is_flag=True)
@click.option("--shell-completion", "-sc", is_flag=True)
@click.option("--cfg", "-c", type=KINDS)
@click.option("--resolve", is_flag=True)
@click.option("--package", "-p")
@click.option("--run", "-r", "single", is_flag=True)
@click.option("--multirun", "-m", is_flag=True)
@click.option("--config-path", "-cp", type=DIR)
@click.option("--config-name", "-cn")
@click.option("--config-dir", "-cd", type=DIR)
@click.option("--info", "-i", type=INFO, is_flag=False, flag_value="all")
@click.pass_obj
def program(carried: tuple[Model, Source], /, overrides: tuple[str, ...], **flags: Any) -> int:
    """Do what Hydra's flags say; its own program answers those that ask about it."""
    model, source = carried
    if any(flags[name] for name in ("help_", "hydra_help", "version", "shell_completion")):
        hydra.main(version_base=VERSION_BASE, config_path=str(source.folder.resolve()), config_name=source.name)(
            Job(model)
        )()
        return 0
    path = flags["config_path"]
    source = replace(
        source,
        folder=source.folder if path is None else path.resolve(),
        name=flags["config_name"] or source.name,
        extra=flags["config_dir"] or source.extra,
    )
    if show_if_asked(source, overrides, **{name: flags[name] for name in ("info", "cfg", "package", "resolve")}):
        return 0
    return execute(Command(overrides, multirun=flags["multirun"], source=source), model)


def main(argv: Sequence[str] | None = None, model: Model | None = None, source: Source | None = None) -> int:
    """Run as a Hydra program; return the exit code."""
    carried = (model or Galleria(), source or Source(CONF))
    return run_program(program, sys.argv[1:] if argv is None else argv, "python -m galleria.experiments.run", carried)


if __name__ == "__main__":
    sys.exit(main())
