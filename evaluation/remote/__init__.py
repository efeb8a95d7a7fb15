"""Remote entries: a model behind an endpoint is asked a suite's items and scored like any other entry."""

from evaluation.remote.answering import Incomplete, Remote, evaluate_endpoint
from evaluation.remote.entry import EntryRefused, RemoteEntry, read_entry

__all__ = ["EntryRefused", "Incomplete", "Remote", "RemoteEntry", "evaluate_endpoint", "read_entry"]
