"""How pages show the command of results."""

from galleria.experiments.report.asked_command import asked_command


def test_what_belongs_to_the_machine_is_left_out() -> None:
    typed = "/me/bin/galleria sweep experiment=x run.output=/a hydra.launcher.n_jobs=4 uncertainty.file=/b/c.csv"
    assert asked_command({"command": typed}) == "galleria sweep experiment=x uncertainty.file=c.csv"


def test_results_without_a_command_have_none() -> None:
    assert asked_command({}) == ""
