"""The endpoint of a team: where its model answers; its key is known only on the way from the form to the seal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from challenge.foundation.permits import WhyNot

ROUTES = ("chat", "completions")
LONGEST_ADDRESS, LONGEST_MODEL, LONGEST_KEY = 300, 200, 4096
_KEY = re.compile(r"[!-~]{8,4096}")
_ADDRESS = re.compile(r"https://([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)\.?(?::[1-9][0-9]{0,4})?(/[!-~]*)?")
EXAMPLE = "https://models.example/v1"
NO_HOSTS = "This platform asks no endpoints: its operator has allowed no hosts. Hand in the model in its package."


@dataclass(frozen=True)
class EndpointEntry:
    """An OpenAI-compatible address, the model's name there, and by which route texts are asked for."""

    url: str
    model: str
    route: str
    key: str = field(repr=False)
    """In no representation, record, log or answer; `operations.accept` seals it."""

    def tidy(self) -> "EndpointEntry":
        """Return it without blanks around what was copied, and without a slash at the end of the address."""
        return replace(self, url=self.url.strip().rstrip("/"), model=self.model.strip(), key=self.key.strip())

    @property
    def facts(self) -> dict[str, str]:
        """What may be told of it, and is kept with the submission."""
        return {"url": self.url, "model": self.model, "route": self.route}


def host_of(url: str) -> str:
    """Return the host that an accepted address names."""
    return url.partition("://")[2].partition("/")[0].partition(":")[0].rstrip(".").lower()


def key_context(submission_id: int) -> str:
    """Name what a key is sealed for, so that it opens for no other submission."""
    return f"endpoint key of submission {submission_id}"


def what_is_wrong_with(endpoint: EndpointEntry, hosts: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the field and the sentence of everything that stands against an endpoint; no sentence repeats the key.

    `hosts` are those that the operator lets be asked. Where the name leads is judged when it is asked, not here.
    """
    checks: tuple[tuple[str, WhyNot], ...] = (
        ("endpoint_url", _why_not_address(endpoint.url, hosts)),
        ("endpoint_model", _why_not_model(endpoint.model)),
        ("endpoint_route", None if endpoint.route in ROUTES else "Choose chat or completions."),
        ("endpoint_key", _why_not_key(endpoint.key)),
    )
    yield from ((name, sentence) for name, sentence in checks if sentence is not None)


def _why_not_address(url: str, hosts: frozenset[str]) -> WhyNot:
    if not hosts:
        return NO_HOSTS
    if not url or len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url:
        return f"Write the address of the endpoint, such as {EXAMPLE}, in at most {LONGEST_ADDRESS} characters."
    if not url.startswith("https://"):
        return "The address must begin with https://, or the key could be read on the way."
    if "@" in url:
        return "The address holds a name or a password. Give the key in its own field."
    if "?" in url or "#" in url or "\\" in url or "/.." in url:
        return f"The address must end with its path, such as {EXAMPLE}."
    found = _ADDRESS.fullmatch(url)
    if found is None:
        return f"This is no address. Write one such as {EXAMPLE}."
    if (host := found[1].lower()) not in hosts:
        return f"The host {host} is not on the list of this platform, which has {', '.join(sorted(hosts))}."
    return None


def _why_not_model(model: str) -> WhyNot:
    if 1 <= len(model) <= LONGEST_MODEL and model.isprintable():
        return None
    return f"Write the model's name at the endpoint, in at most {LONGEST_MODEL} characters."


def _why_not_key(key: str) -> WhyNot:
    if _KEY.fullmatch(key):
        return None
    return f"A key has 8 to {LONGEST_KEY:,} characters of ASCII, without blanks. Copy it anew; it is never shown again."
