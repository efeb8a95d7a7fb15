"""Turns an evaluation's progress into the lines of its run's log: that it began, and which tasks are done."""

from dataclasses import dataclass, field

from challenge.calls.suites import read_summary
from challenge.runs.counting import task_counts
from challenge.runs.executors_process import Progress


@dataclass
class Telling:
    """Remembers what was told of one evaluation."""

    summary: str
    is_model: bool
    only_public: bool = False
    done: set[str] = field(default_factory=set)
    has_begun: bool = False
    last: int = 0

    def hear(self, progress: Progress) -> list[str]:
        """Return the sentences that are new."""
        if progress.total == 0 or (self.has_begun and progress.done == self.last):
            return []
        self.last = progress.done
        sentences = []
        if not self.has_begun:
            self.has_begun = True
            there = f"; {progress.done:,} of {progress.total:,} items were there already" if progress.done else ""
            sentences.append(f"The engine has begun{there if self.is_model else ''}.")
        tasks = read_summary(self.summary).tasks
        counts = task_counts(tasks, progress.done, is_model=self.is_model, only_public=self.only_public)
        for count in counts:
            if count.done >= count.total and count.task not in self.done:
                self.done.add(count.task)
                sentences.append(f"Task {count.task} is done: {count.total:,} items.")
        return sentences
