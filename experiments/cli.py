"""The command `galleria`.

Every subcommand imports what it needs when it is called, so that `galleria --help` answers at once.
"""

import sys
from collections.abc import Sequence

import click

from galleria.experiments.commands.archive import archive
from galleria.experiments.commands.bench import bench
from galleria.experiments.commands.calibrate import calibrate
from galleria.experiments.commands.city import city
from galleria.experiments.commands.compare import compare
from galleria.experiments.commands.merge import merge
from galleria.experiments.commands.new import new
from galleria.experiments.commands.options import HELP, run_program
from galleria.experiments.commands.power import power
from galleria.experiments.commands.query import query
from galleria.experiments.commands.replay import replay
from galleria.experiments.commands.report import report
from galleria.experiments.commands.run import run, sweep
from galleria.experiments.commands.screen import screen
from galleria.experiments.commands.status import status
from galleria.experiments.commands.verify import verify
from galleria.experiments.commands.view import view


class Galleria(click.Group):
    """The subcommands in the order in which they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (Click's interface)
        """Return the names as they were added."""
        return list(self.commands)


@click.group(
    cls=Galleria,
    context_settings=HELP,
    epilog="\b\nexamples:\n"
    "  galleria run policy=none drivers.pool=300            one design point\n"
    "  galleria sweep experiment=driver_supply_x_opt_in     a designed sweep\n"
    "  galleria sweep drivers.pool=100,200,300 run.replications=8\n"
    '  eval "$(_GALLERIA_COMPLETE=bash_source galleria)"    the tab key completes\n\n'
    "\b\nexit codes:\n"
    "  0  done\n"
    "  1  done with a failure: runs failed or are missing, a row of verify is off,\n"
    "     no draw of screen stays, an error that nobody foresaw\n"
    "  2  asked wrongly: nothing was begun",
)
@click.version_option(package_name="galleria", message="galleria %(version)s")
def galleria() -> None:
    """A laboratory for policy experiments on mall-direct gig delivery."""  # noqa: D401 (the help of the command)


_COMMANDS = (
    *(run, sweep, calibrate, screen, status, report, query, compare, power, merge, archive),
    *(view, replay, city, new, bench, verify),
)
for command in _COMMANDS:
    galleria.add_command(command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return the exit code: 0, 1 ran and failed, 2 wrong usage or configuration."""
    return run_program(galleria, sys.argv[1:] if argv is None else argv, "galleria")


if __name__ == "__main__":
    sys.exit(main())
