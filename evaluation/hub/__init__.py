"""Hub: a model is fetched from a hub by the full id of a commit, and looked at; nothing is loaded."""

from evaluation.hub.fetching import Fetched, HubFailed, fetch
from evaluation.hub.listing import LeftOut
from evaluation.hub.reference import (
    HubReference,
    HubRefused,
    HubSaysNo,
    HubTooLarge,
    HubUntrue,
    HubWithoutWeights,
)
from evaluation.hub.relay import Hub

__all__ = [
    "Fetched", "Hub", "HubFailed", "HubReference", "HubRefused", "HubSaysNo", "HubTooLarge", "HubUntrue",
    "HubWithoutWeights", "LeftOut", "fetch",
]  # fmt: skip
