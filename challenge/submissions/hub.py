"""A model named on a hub by its commit: read from what a team wrote or pasted, and what is wrong with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from challenge.foundation.permits import WhyNot

LONGEST = 400
EXAMPLE = "owner/name@0123456789abcdef0123456789abcdef01234567"
NO_HUB = "This platform fetches no models from a hub at present. Hand in the model in its package."
WRITE = f"Write owner/name, @ and the forty digits of the commit, such as {EXAMPLE}."
FIND = "the hub shows it under Files, History, with a button that copies it"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_MODEL = re.compile(rf"{_PART}/{_PART}")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DIGITS = re.compile(r"[0-9a-f]{4,39}|[0-9a-f]{41,}")
_WAYS = {"tree", "commit", "blob", "resolve"}
"""The parts of a hub's addresses after which a commit stands."""


@dataclass(frozen=True)
class HubEntry:
    """A model as owner/name and the id of a commit, or what was written where it is neither."""

    model: str
    commit: str
    address: str = ""
    """The hub's address, where a whole one was pasted: scheme and host."""

    @classmethod
    def read(cls, text: str) -> "HubEntry":
        """Read `owner/name@commit`, or the address of a commit as a browser shows it; never raises."""
        text = text.strip()
        if "://" not in text:
            model, _, commit = text.partition("@")
            return cls(model.strip(), _small(commit.strip()))
        scheme, _, rest = text.partition("://")
        host, _, path = re.split("[?#]", rest, maxsplit=1)[0].partition("/")
        parts = [part for part in path.split("/") if part]
        commit = parts[3] if len(parts) > 3 and parts[2] in _WAYS else ""
        model, at, named = "/".join(parts[:2]).partition("@")
        return cls(model, _small(named if at else commit), f"{scheme}://{host}".lower())

    @property
    def text(self) -> str:
        """The reference as it is kept and shown."""
        return f"{self.model}@{self.commit}"

    def facts(self, hub: str) -> dict[str, str]:
        """What is kept with the submission; `hub` is the address that it is fetched from."""
        return {"hub": hub, "model": self.model, "commit": self.commit}


def what_is_wrong_with(entry: HubEntry, hub: str) -> Iterator[tuple[str, str]]:
    """Yield the field and the sentence of what stands against a reference; `hub` is empty where none is asked."""
    sentence = NO_HUB if not hub else _why_not_model(entry, hub) or _why_not_commit(entry)
    if sentence is not None:
        yield "hub_model", sentence


def _why_not_model(entry: HubEntry, hub: str) -> WhyNot:
    if entry.address and entry.address != hub:
        return f"Models are fetched from {hub}, and {entry.address[:80]} is another place. {WRITE}"
    if not entry.model:
        return WRITE
    if _MODEL.fullmatch(entry.model) is None or ".." in entry.model or "--" in entry.model:
        return f"“{entry.model[:80]}” is no model of a hub. {WRITE}"
    return None


def _why_not_commit(entry: HubEntry) -> WhyNot:
    if _COMMIT.fullmatch(entry.commit):
        return None
    if not entry.commit:
        return f"The commit is missing: {FIND}. {WRITE}"
    if _DIGITS.fullmatch(entry.commit):
        return f"“{entry.commit[:60]}” has {len(entry.commit)} digits; the whole id of a commit has forty: {FIND}."
    return (
        f"“{entry.commit[:60]}” is no id of a commit. A branch or a tag may be another model tomorrow, so write the "
        f"forty digits: {FIND}."
    )


def _small(commit: str) -> str:
    """Return the digits of a commit in small letters; a branch is left as it is."""
    small = commit.lower()
    return small if re.fullmatch("[0-9a-f]+", small) else commit
