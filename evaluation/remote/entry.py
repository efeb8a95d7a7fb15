"""An entry that is an endpoint is a small file: where it is, which model, where the key lies, and what it may take."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.endpoints import Budget, Endpoint, EndpointRefused, Route
from evaluation.endpoints.endpoint import parsed

_ROUTES = {"chat": Route.CHAT, "completions": Route.COMPLETIONS}
_REQUIRED = {"url", "model", "route", "budget"}
_OPTIONAL = {"key_file", "key_variable", "temperature", "top_p", "seed", "at_once", "again", "timeout"}
_LARGEST = 65_536


class EntryRefused(ValueError):
    """The file of an endpoint cannot be used, or the suite cannot be asked through it; the message says what to do."""


class RouteWithoutLogprobs(EntryRefused):
    """Choices are to be scored, and the endpoint's route gives no log-probabilities."""


class SuiteNotAsked(EntryRefused):
    """The suite has a task that no endpoint is asked."""


@dataclass(frozen=True, kw_only=True)
class RemoteEntry:
    """An endpoint and how it is asked. `again` is the share of items that are asked twice; `timeout` is in seconds."""

    endpoint: Endpoint
    budget: Budget
    at_once: int = 8
    again: float = 0.02
    timeout: float = 120.0

    @property
    def host(self) -> str:
        """The host by name."""
        return parsed(self.endpoint.url).host

    def to_data(self) -> dict[str, Any]:
        """Say what its answers depend on, the key not among it."""
        found = self.endpoint
        return {
            "url": found.url, "model": found.model, "route": found.route.value, "temperature": found.temperature,
            "top_p": found.top_p, "seed": found.seed,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """SHA-256 of what its answers depend on."""
        return hashlib.sha256(json.dumps(self.to_data(), sort_keys=True).encode()).hexdigest()


def read_entry(path: Path) -> RemoteEntry:
    """Read an entry's file; raises EntryRefused, EndpointRefused for an address or key that is none, and OSError."""
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    try:
        data = json.loads(content) if len(content) <= _LARGEST else None
    except (ValueError, RecursionError) as error:
        raise EntryRefused(f"{path}: not JSON ({error}).") from error
    if not isinstance(data, dict):
        raise EntryRefused(f"{path}: write one JSON object with {', '.join(sorted(_REQUIRED))}.")
    if "key" in data:
        raise EntryRefused(f"{path}: the key does not belong into this file; name a key_file or a key_variable.")
    for name in data:
        if name not in _REQUIRED | _OPTIONAL:
            raise EntryRefused(
                f"{path}: {name[:60]!r} is not known; known are {', '.join(sorted(_REQUIRED | _OPTIONAL))}."
            )
    for name in sorted(_REQUIRED - data.keys()):
        raise EntryRefused(f"{path}: {name!r} is missing; add it.")
    try:
        return _entry(data, _key(data, path))
    except EndpointRefused:
        raise
    except (TypeError, ValueError, KeyError) as error:
        if isinstance(error, EntryRefused):
            raise
        raise EntryRefused(f"{path}: {error}") from error


def _entry(data: Mapping[str, Any], key: str) -> RemoteEntry:
    if data["route"] not in _ROUTES:
        raise EntryRefused(f"the route {str(data['route'])[:40]!r} is none; write chat or completions.")
    budget = data["budget"]
    if not isinstance(budget, dict) or budget.keys() != {"requests", "tokens", "seconds"}:
        raise EntryRefused("a budget names requests, tokens and seconds.")
    seed = data.get("seed", 0)
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise EntryRefused("the seed is a whole number, or null where the server knows none.")
    at_once, again, timeout = (
        int(data.get("at_once", 8)),
        float(data.get("again", 0.02)),
        float(data.get("timeout", 120)),
    )
    if not 1 <= at_once <= 256 or not 0 <= again <= 1 or not 0 < timeout <= 3_600:
        raise EntryRefused("at_once is 1 to 256, again a share from 0 to 1, the timeout at most 3,600 seconds.")
    return RemoteEntry(
        endpoint=Endpoint(
            str(data["url"]),
            str(data["model"]),
            key,
            route=_ROUTES[data["route"]],
            temperature=float(data.get("temperature", 0)),
            top_p=float(data.get("top_p", 1)),
            seed=seed,
        ),
        budget=Budget(requests=int(budget["requests"]), tokens=int(budget["tokens"]), seconds=float(budget["seconds"])),
        at_once=at_once,
        again=again,
        timeout=timeout,
    )


def _key(data: Mapping[str, Any], path: Path) -> str:
    """Take the key from where the file says it lies; no sentence repeats it."""
    file, variable = data.get("key_file"), data.get("key_variable")
    if (file is None) is (variable is None):
        raise EntryRefused(f"{path}: name either a key_file or a key_variable, where the key lies.")
    if variable is not None:
        if not os.environ.get(str(variable)):
            raise EntryRefused(f"{path}: the environment has no variable {str(variable)[:60]!r}; put the key there.")
        return os.environ[str(variable)]
    with (path.parent / str(file)).open("rb") as found:
        return found.read(_LARGEST).decode("ascii", errors="replace").strip()
