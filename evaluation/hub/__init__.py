"""Hub: a model is fetched from a hub by the full id of a commit, and looked at; nothing is loaded."""

from evaluation.hub.fetching import Fetched, HubFailed, Listed, fetch, fetch_texts
from evaluation.hub.listing import HubFile, LeftOut, is_weights
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
    "Fetched", "Hub", "HubFailed", "HubFile", "HubReference", "HubRefused", "HubSaysNo", "HubTooLarge", "HubUntrue",
    "HubWithoutWeights", "LeftOut", "Listed", "fetch", "fetch_texts", "is_weights",
]  # fmt: skip
