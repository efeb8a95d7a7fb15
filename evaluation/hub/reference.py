"""A reference names a model on a hub and the commit: `owner/name@` and forty hexadecimal digits, nothing that moves."""

import re
from dataclasses import dataclass
from typing import Self

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?"
_REPO = re.compile(rf"{_PART}/{_PART}")
_COMMIT = re.compile(r"[0-9a-f]{40}")


class HubRefused(ValueError):
    """A model is not fetched: for its reference, or for what the hub says of it or hands over."""


class HubSaysNo(HubRefused):
    """The hub hands nothing out: the model or the commit is not there, private, or gated."""


class HubTooLarge(HubRefused):
    """The files of the commit have more bytes than may be fetched."""


class HubWithoutWeights(HubRefused):
    """The commit holds no weights that are ever loaded, only pickles perhaps, or none at all."""


class HubUntrue(HubRefused):
    """The hub is not true to its word: other bytes, sizes or commits than announced, or it leads elsewhere."""


@dataclass(frozen=True)
class HubReference:
    """A repository of a hub, as owner/name, and the id of one commit."""

    repo: str
    commit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `owner/name@commit`; raises HubRefused."""
        repo, _, commit = text.partition("@")
        if _REPO.fullmatch(repo) is None or ".." in repo or "--" in repo:
            raise HubRefused(f"{repo[:120]!r} is no model of a hub. Write owner/name@commit.")
        if _COMMIT.fullmatch(commit) is None:
            said = f"{commit[:60]!r} is no full id of a commit" if commit else "the commit is missing"
            raise HubRefused(
                f"{repo}: {said}. A branch or a tag may be another model tomorrow, so write the commit's forty "
                "hexadecimal digits, in small letters; the hub shows them under Files, History."
            )
        return cls(repo, commit)
