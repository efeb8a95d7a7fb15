"""A DOI is looked up: first whether it is registered at all, then what its registrar says of the article.

The proxy of doi.org tells the first (DOI Proxy Server REST API: response code 1 is found, 100 is no such handle),
content negotiation the second (CrossCite), which leads to Crossref's or DataCite's own hosts and nowhere else. Whatever
goes wrong on the way says nothing about the article: the answer is then unknown, never missing.
"""

import json
import time
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from evaluation.doi import tidy_doi
from evaluation.endpoints.addresses import EndpointRefused, Resolver, resolve
from evaluation.endpoints.guarding import Guard
from evaluation.publications.publication import Found, Lookup, read_metadata

CROSSREF_AND_DATACITE = ("doi.org", "crossref.org", "crosscite.org", "datacite.org")
HOPS, LARGEST = 5, 2**20
_CSL = "application/vnd.citationstyles.csl+json"
_FOUND, _NO_HANDLE = 1, 100


@dataclass(frozen=True, kw_only=True)
class Registry:
    """Where DOIs are looked up, to which hosts that may lead (each with all below it), and how long it may take.

    `private` allows http and, of the registry itself, addresses that are not public; it is for tests.
    """

    address: str = "https://doi.org"
    hosts: tuple[str, ...] = CROSSREF_AND_DATACITE
    private: bool = False
    seconds: float = 20
    """For all of it, from the first question to the last byte."""


def look_up(doi: str, registry: Registry | None = None, *, resolver: Resolver = resolve) -> Lookup:
    """Look a DOI up; raises ValueError for a text that is none, and nothing where the network fails."""
    tidy = tidy_doi(doi)
    if tidy is None:
        raise ValueError("Write a DOI such as 10.5281/zenodo.1234567.")
    tidy = tidy.lower()  # a DOI is the same in capitals and small letters
    registry = registry or Registry()
    asking = _Asking(registry, resolver, time.monotonic() + registry.seconds)
    path = quote(tidy, safe="/")
    try:
        found = asking.json(f"{registry.address}/api/handles/{path}", accept="application/json", may_be=(200, 404))
        code = found.get("responseCode") if isinstance(found, dict) else None
        if code == _NO_HANDLE:
            return Lookup(doi=tidy, found=Found.MISSING, sentence="No such DOI is registered.")
        if code != _FOUND:
            return _unknown(tidy, "the registry's answer cannot be read")
    except _Unanswered as why:
        return _unknown(tidy, str(why))
    try:
        publication = read_metadata(asking.json(f"{registry.address}/{path}", accept=_CSL))
    except _Unanswered as why:
        sentence = f"The DOI is registered; what it stands for could not be read: {why}."
        return Lookup(doi=tidy, found=Found.REGISTERED, sentence=sentence)
    if publication is None:
        sentence = "The DOI is registered; its registrar names no title."
        return Lookup(doi=tidy, found=Found.REGISTERED, sentence=sentence)
    return Lookup(doi=tidy, found=Found.REGISTERED, sentence="The DOI is registered.", publication=publication)


def _unknown(doi: str, why: str) -> Lookup:
    return Lookup(
        doi=doi, found=Found.UNKNOWN, sentence=f"Whether the DOI is registered could not be found out: {why}."
    )


class _Unanswered(Exception):
    """Nothing can be concluded; its text says why, without a capital and a full stop."""


@dataclass(frozen=True)
class _Asking:
    registry: Registry
    resolver: Resolver
    ends_at: float

    def json(self, address: str, *, accept: str, may_be: tuple[int, ...] = (200,)) -> object:
        """Ask, follow redirects to allowed hosts, and read JSON of at most LARGEST bytes; raises _Unanswered."""
        try:
            status, body = self._body(httpx.URL(address), accept)
        except EndpointRefused as error:
            raise _Unanswered(f"the registry {str(error).rstrip('.')}") from error
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError) as error:
            raise _Unanswered(f"the registry was not reached ({type(error).__name__})") from error
        if status not in may_be:
            raise _Unanswered(f"the registry answered with status {status}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _Unanswered("the registry's answer is no JSON") from error

    def _body(self, url: httpx.URL, accept: str) -> tuple[int, bytes]:
        for _ in range(HOPS):
            with self._guard().get(url, {"Accept": accept}) as response:
                if response.is_redirect and "Location" in response.headers:
                    url = url.join(response.headers["Location"])
                    continue
                return response.status_code, self._limited(response)
        raise _Unanswered(f"the registry redirects more than {HOPS} times")

    def _guard(self) -> Guard:
        """Return a guard that waits no longer than is left of the time."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise _Unanswered(f"the registry took longer than {self.registry.seconds:g} s")
        return Guard(
            own=httpx.URL(self.registry.address).host,
            hosts=self.registry.hosts,
            private=self.registry.private,
            resolver=self.resolver,
            seconds=left,
        )

    def _limited(self, response: httpx.Response) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_raw():
            size += len(piece)
            if size > LARGEST:
                raise _Unanswered(f"the registry sends more than {LARGEST:,} bytes")
            if time.monotonic() > self.ends_at:
                raise _Unanswered(f"the registry took longer than {self.registry.seconds:g} s")
            pieces.append(piece)
        return b"".join(pieces)
