"""Licences: what a release declares, which texts it holds, and whether that satisfies the challenge."""

from evaluation.licences.comparing import Comparison, compare, held_against
from evaluation.licences.components import missing_for_next
from evaluation.licences.documents import cyclonedx, own_json, spdx2, spdx3
from evaluation.licences.evidence import Evidence
from evaluation.licences.expressions import AmbiguousError, Expression, parse_expression
from evaluation.licences.findings import Reason
from evaluation.licences.inventory import PACKAGE_LIMITS, FileKind, PackageFile, inventory
from evaluation.licences.licence_changes import TextChange
from evaluation.licences.marked_texts import MarkedText, marked_texts
from evaluation.licences.policy import (
    DEFAULT_POLICY,
    Outcome,
    Policy,
    default_policy,
    policy_from,
    read_policy,
)
from evaluation.licences.policy_tables import PolicyError
from evaluation.licences.publication import Period
from evaluation.licences.registry import Registry, RegistryError, read_publications, read_registry
from evaluation.licences.texts.detection import Match
from evaluation.licences.texts.index import known_texts
from evaluation.licences.texts.reading import Reading, read_file
from evaluation.licences.verdict import Route, Verdict, verdict
from evaluation.licences.weights_bytes import WeightsFile, weights_of

__all__ = [
    "DEFAULT_POLICY",
    "PACKAGE_LIMITS",
    "AmbiguousError",
    "Comparison",
    "Evidence",
    "Expression",
    "FileKind",
    "MarkedText",
    "Match",
    "Outcome",
    "PackageFile",
    "Period",
    "Policy",
    "PolicyError",
    "Reading",
    "Reason",
    "Registry",
    "RegistryError",
    "Route",
    "TextChange",
    "Verdict",
    "WeightsFile",
    "compare",
    "cyclonedx",
    "default_policy",
    "held_against",
    "inventory",
    "known_texts",
    "marked_texts",
    "missing_for_next",
    "own_json",
    "parse_expression",
    "policy_from",
    "read_file",
    "read_policy",
    "read_publications",
    "read_registry",
    "spdx2",
    "spdx3",
    "verdict",
    "weights_of",
]
