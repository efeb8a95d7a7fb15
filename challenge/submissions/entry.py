"""What a team hands in: its words, its hours, and the files that the store keeps already."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from challenge.calls.document import Rules
from challenge.foundation.canonical import digest
from challenge.foundation.files import Stored
from challenge.foundation.permits import WhyNot
from challenge.people.names import tidy_name
from challenge.submissions import hub as hubs
from challenge.submissions.endpoint import EndpointEntry, what_is_wrong_with
from challenge.submissions.hub import HubEntry
from challenge.teams.prose import listed, tidy_text, why_not_text

_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s<>\"]{1,180}")
_RESOLVERS = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:")
_KEY = re.compile(r"[!-~]{8,80}")
LONGEST_NAME = 120


@dataclass(frozen=True)
class Entry:
    """One submission before it is accepted."""

    title: str
    abstract: str
    declared_licence: str
    """Expression of SPDX identifiers; empty where no licence is given."""
    route: str
    """A value of `states.Route`."""
    doi: str
    requests: Mapping[str, int]
    """GPU-hours asked for, by machine; a machine left out is asked for none."""
    predictions: Stored | None
    """None where the model in the package is evaluated."""
    predictions_name: str
    package: Stored | None
    package_name: str
    idempotency_key: str
    """Made anew for each form, so that a form sent twice is one submission."""
    endpoint: EndpointEntry | None = None
    """Where the model answers, in place of one in the package."""
    hub: HubEntry | None = None
    """Which commit of a hub is fetched, in place of a package."""

    def tidy(self, rules: Rules) -> "Entry":
        """Return the same entry with tidied texts and file names, and hours for every machine of the call."""
        hours = {machine.machine: 0 for machine in rules.hours}
        return replace(
            self,
            title=tidy_name(self.title),
            abstract=tidy_text(self.abstract),
            declared_licence=tidy_name(self.declared_licence),
            doi=bare_doi(self.doi),
            requests={**hours, **self.requests},
            predictions_name=file_name(self.predictions_name, otherwise="predictions") if self.predictions else "",
            package_name=file_name(self.package_name, otherwise="package.zip") if self.package else "",
            endpoint=self.endpoint.tidy() if self.endpoint else None,
        )

    def is_like(
        self,
        *,
        predictions: str | None,
        package: str | None,
        endpoint: Mapping[str, str] | None = None,
        hub: Mapping[str, str] | None = None,
    ) -> bool:
        """Tell whether the files are those of an earlier entry, by their SHA-256, and endpoint and commit are too."""
        own = [file.sha256 if file else None for file in (self.predictions, self.package)]
        asked = (self.endpoint.facts if self.endpoint else None) == endpoint
        named = (self.hub.facts(hub["hub"] if hub else "") if self.hub else None) == hub
        return own == [predictions, package] and asked and named


def declaration_digest(*, abstract: str, doi: str) -> str:
    """Return the SHA-256 of the longer texts of an entry, which a receipt names without repeating them."""
    return digest({"abstract": abstract, "doi": doi})


def what_is_wrong(
    entry: Entry, rules: Rules, *, is_model: bool, hosts: frozenset[str] = frozenset(), hub: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield the field and the sentence of everything that a call cannot take in a tidy entry.

    `is_model` says what the call evaluates: a model, or else predictions; `hosts` are those of endpoints that may be
    asked; `hub` is the address of the hub from which models are fetched, empty where none are.
    """
    checks: tuple[tuple[str, WhyNot], ...] = (
        ("title", why_not_text(entry.title, least=3, most=200)),
        ("abstract", why_not_text(entry.abstract, least=1, most=10_000)),
        ("declared_licence", why_not_text(entry.declared_licence, least=0, most=200)),
        ("route", _why_not_route(entry.route, rules)),
        ("doi", _why_not_doi(entry.doi)),
        ("predictions", _why_not_predictions(entry, rules, is_model=is_model)),
        ("package", _why_not_package(entry, rules, is_model=is_model)),
        ("", None if _KEY.fullmatch(entry.idempotency_key) else "This form is incomplete. Open the page again."),
    )
    yield from ((field, sentence) for field, sentence in checks if sentence is not None)
    yield from _wrong_endpoint(entry, rules, is_model=is_model, hosts=hosts)
    yield from _wrong_hub(entry, is_model=is_model, hub=hub)
    yield from _wrong_hours(entry.requests, rules)


def why_not_size(size: int, limit: int) -> WhyNot:
    """Return None if a file of `size` bytes can be taken, else what is wrong with it."""
    if size == 0:
        return "This file is empty. Choose the file again."
    if size > limit:
        return f"This file has {size:,} bytes; the call takes at most {limit:,}. Send a smaller one."
    return None


def bare_doi(text: str) -> str:
    """Return a DOI without the resolver's address in front of it."""
    doi = text.strip()
    for resolver in _RESOLVERS:
        if doi.lower().startswith(resolver):
            return doi[len(resolver) :].strip()
    return doi


def file_name(name: str, *, otherwise: str) -> str:
    """Return the last part of a file's name, safe to show and to offer for download."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    kept = tidy_name(kept).strip(". ")
    if len(kept) <= LONGEST_NAME:
        return kept or otherwise
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}" if stem else kept[:LONGEST_NAME]


def _why_not_predictions(entry: Entry, rules: Rules, *, is_model: bool) -> WhyNot:
    if is_model:
        return "This call runs your model itself; leave the predictions out." if entry.predictions else None
    if entry.predictions is None:
        return "Choose the file with your predictions."
    return why_not_size(entry.predictions.size, rules.limits.predictions)


def _why_not_package(entry: Entry, rules: Rules, *, is_model: bool) -> WhyNot:
    if entry.package is None:
        is_needed = is_model and entry.endpoint is None and entry.hub is None
        return "Choose the zip that holds your model." if is_needed else None
    if entry.hub is not None:
        return "The model is fetched from the hub; leave the package out, or choose it as the way."
    return why_not_size(entry.package.size, rules.limits.package)


def _wrong_endpoint(entry: Entry, rules: Rules, *, is_model: bool, hosts: frozenset[str]) -> Iterator[tuple[str, str]]:
    if entry.endpoint is None:
        return
    if not (is_model and rules.endpoints):
        yield "", "This call takes no endpoints."
        return
    yield from what_is_wrong_with(entry.endpoint, hosts)
    if not entry.declared_licence:
        yield "declared_licence", "Name the licence of the model behind the endpoint."


def _wrong_hub(entry: Entry, *, is_model: bool, hub: str) -> Iterator[tuple[str, str]]:
    if entry.hub is None:
        return
    if not is_model or entry.endpoint is not None:
        yield "", "This call takes no models from a hub." if not is_model else "Choose one way, and no other beside it."
        return
    yield from hubs.what_is_wrong_with(entry.hub, hub)


def _why_not_route(route: str, rules: Rules) -> WhyNot:
    return None if route in rules.routes else f"Choose one of the routes of the call: {listed(rules.routes)}."


def _why_not_doi(doi: str) -> WhyNot:
    if not doi or _DOI.fullmatch(doi):
        return None
    return "This is no DOI. Write one such as 10.5281/zenodo.1234567, or leave the field empty."


def _wrong_hours(requests: Mapping[str, int], rules: Rules) -> Iterator[tuple[str, str]]:
    pots = {machine.machine: machine.hours for machine in rules.hours}
    for place, (machine, hours) in enumerate(requests.items()):
        if machine not in pots:
            yield "", f"The call gives no hours on {machine}; its machines are {listed(list(pots))}."
        elif not 0 <= hours <= pots[machine]:
            yield f"hours_{place}", f"Ask for 0 to {pots[machine]:,} hours on {machine}; that is all there is."
