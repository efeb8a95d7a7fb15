"""Answers of an endpoint are kept as they come, a line each, so that what was answered is not asked, or paid, again.

Beside them a mark is kept once anything came back by HTTP, were it an error: an endpoint that was never heard is told
apart from one that fails, for what is never heard may as well be cut off at this end.
"""

import json
import os
from pathlib import Path

from evaluation.endpoints import Answer, Outcome

ANSWERS = frozenset({Outcome.ANSWERED, Outcome.EMPTY, Outcome.CUT_OFF, Outcome.FILTERED})
"""What is the model's own doing, and so an answer: also one that is empty, cut off, or held back."""


class AnswerFile:
    """The answers of one endpoint; half a line, as a kill leaves it, is passed over."""

    def __init__(self, folder: Path, digest: str) -> None:
        """Read what is there of the endpoint with this digest; raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{digest[:16]}.jsonl"
        self._mark = folder / f"{digest[:16]}.heard"
        self.known: dict[str, Answer] = {}  # by the name under which an item is asked
        content = self._path.read_bytes() if self._path.exists() else b""
        for line in content.split(b"\n"):
            try:
                answer = Answer.from_data(json.loads(line))
            except (ValueError, TypeError, KeyError, RecursionError):
                continue
            self.known[answer.item] = answer
        self._file = self._path.open("ab")
        if content and not content.endswith(b"\n"):
            self._file.write(b"\n")

    @property
    def was_heard(self) -> bool:
        """Whether anything ever came back by HTTP."""
        return bool(self.known) or self._mark.exists()

    def keep(self, answer: Answer) -> None:
        """Keep an answer, to the disk; what is none will be asked again."""
        if answer.is_heard and not self.was_heard:
            self._mark.touch()
        if answer.outcome in ANSWERS:
            self.known[answer.item] = answer
            self._file.write(json.dumps(answer.to_data(), sort_keys=True).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
