"""Remote entries: a model behind an endpoint is asked a suite's items and scored like any other entry."""

from evaluation.remote.answering import Incomplete, Remote, evaluate_endpoint
from evaluation.remote.endings import Ending, ending_of
from evaluation.remote.entry import EntryRefused, RemoteEntry, read_entry

__all__ = [
    "Ending", "EntryRefused", "Incomplete", "Remote", "RemoteEntry", "ending_of", "evaluate_endpoint", "read_entry",
]  # fmt: skip
