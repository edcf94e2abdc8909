"""The few errors a user can meet; each is one line that says where it is and what to do."""


class CoachError(Exception):
    """An input or an argument that cannot be used; the command ends with exit code 2.

    `where` is a file, with the line or the archive member where one is known; `hint` says what to do next.

    >>> str(CoachError("holds no posts", where="Content.csv:3", hint="download it again"))
    'Content.csv:3: holds no posts; download it again'
    """

    def __init__(self, problem: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.problem}{advice}"
