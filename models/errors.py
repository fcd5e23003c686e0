"""What users did wrong: in settings, files, command lines and results folders."""

from collections.abc import Iterable


class UsageError(ValueError):
    """A wrong command line, configuration, input file or results folder.

    Nothing has been run when it is raised; the command line prints it as one readable paragraph and exits with 2.
    Inside a validator of pydantic it says several problems at once.

    Parameters
    ----------
    problems
        One sentence each, which names the key or file, what is there, what is allowed, and what was probably meant.
    """

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(dict.fromkeys(problems))
        super().__init__(self.paragraph())

    def paragraph(self) -> str:
        """Return the problems as one readable paragraph."""
        if len(self.problems) == 1:
            return self.problems[0]
        return "\n".join([f"{len(self.problems)} problems:", *(f"  - {problem}" for problem in self.problems)])
