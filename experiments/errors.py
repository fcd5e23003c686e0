"""What can be wrong before anything runs: told in words, with exit code 2."""

from collections.abc import Iterable


class UsageError(Exception):
    """A wrong command line, configuration, input file or results folder.

    Parameters
    ----------
    problems
        One sentence each; all are told at once.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(dict.fromkeys(problems))
        super().__init__(self.paragraph())

    def paragraph(self) -> str:
        """Give the problems as one readable paragraph."""
        if len(self.problems) == 1:
            return self.problems[0]
        return "\n".join([f"{len(self.problems)} problems:", *(f"  - {problem}" for problem in self.problems)])


def first_lines(error: Exception) -> str:
    """Return what an error of Hydra says, without the lines that a user cannot act on."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("Set the environment", "full_key", "object_type"))]
    return " ".join(kept) or type(error).__name__
