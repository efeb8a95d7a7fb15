"""The scores of one entry as one document of the schema Every Eval Ever, and where it lies in a store of such files.

The schema has no fields for digests, energy and hardware; these go into `additional_details`, where every value is a
text. What is not known is left out. Documents are pure functions of what they are made from: the same bytes each time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.every_eval_ever.names import part_of_path, uuid_of

SCHEMA_VERSION = "0.3.0"


@dataclass(frozen=True, kw_only=True)
class Source:
    """Who evaluated, and in what relation to whoever made the model."""

    name: str
    """Of the board, or of the suite where somebody measures at home."""
    organisation: str
    relationship: str
    """first_party, third_party, collaborative or other."""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Model:
    """What was evaluated; `id` has the form `org/name`."""

    id: str
    name: str
    developer: str = ""
    deployment: str = "unknown"
    """self_deployed, externally_managed or unknown."""
    availability: str = "unknown"
    """open_weights, closed_weights or unknown."""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Suited:
    """Of which data set the scores are: a suite is none that a hub or an address names."""

    title: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One score with its metric and uncertainty, as the schema has them; `score` is a decimal text."""

    name: str
    data: Mapping[str, str]
    metric: Mapping[str, Any]
    score: str
    uncertainty: Mapping[str, Any]
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Log:
    """All scores of one entry."""

    collection: str
    """The folder in which the documents of one board, or of one suite, lie together."""
    entry: str
    """What tells this entry from all others of the collection, for good."""
    state: str
    """What tells these scores from earlier ones of the same entry: the version of the board, or a digest."""
    made: str
    """When the scores were put together, in seconds of Unix time, as a decimal text."""
    source: Source
    model: Model
    engine: str
    """Version of this instrument by which the scores were computed; empty where it is not known."""
    suite: Suited
    results: tuple[Measured, ...]
    evaluated: str = ""
    """When the model was evaluated, as an instant in UTC; empty where it is not known."""

    @property
    def id(self) -> str:
        """Name this evaluation: the same whoever reads it and whenever it is written again."""
        return f"{part_of_path(self.collection)}/{part_of_path(self.entry)}/{part_of_path(self.state)}"

    @property
    def stem(self) -> str:
        """Where its files lie, less what they end in."""
        developer, _, name = self.model.id.partition("/")
        return f"data/{part_of_path(self.collection)}/{part_of_path(developer)}/{part_of_path(name)}/{uuid_of(self.id)}"

    @property
    def path(self) -> str:
        """Where the document lies."""
        return f"{self.stem}.json"

    def result_id(self, name: str) -> str:
        """Name one of its results, so that samples can point at it."""
        return f"{self.id}/{name}"

    def to_json(self, samples: Mapping[str, Any] | None = None) -> str:
        """Write the document, with the reference to a file of samples where there is one."""
        found = self._data() | ({"detailed_evaluation_results": dict(samples)} if samples else {})
        return json.dumps(found, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1) + "\n"

    def _data(self) -> dict[str, Any]:
        return {
            "schema_version": SCHEMA_VERSION,
            "evaluation_id": self.id,
            "retrieved_timestamp": self.made,
            **({"evaluation_timestamp": self.evaluated} if self.evaluated else {}),
            "source_metadata": {
                "source_name": self.source.name,
                "source_type": "evaluation_run",
                "source_organization_name": self.source.organisation,
                "evaluator_relationship": self.source.relationship,
                **_details(self.source.details),
            },
            "eval_library": {"name": "large-ai-grand-challenge evaluation", "version": self.engine or "unknown"},
            "model_info": {
                "name": self.model.name,
                "id": self.model.id,
                **({"developer": self.model.developer} if self.model.developer else {}),
                "additional_details": {
                    **self.model.details,
                    "deployment_type": self.model.deployment,
                    "model_availability": self.model.availability,
                },
            },
            "evaluation_results": [self._result(one) for one in self.results],
        }

    def _result(self, one: Measured) -> dict[str, Any]:
        return {
            "evaluation_result_id": self.result_id(one.name),
            "evaluation_name": one.name,
            "source_data": {
                "dataset_name": self.suite.title,
                "source_type": "other",
                **_details({**self.suite.details, **one.data}),
            },
            "metric_config": dict(one.metric),
            "score_details": {
                "score": float(one.score),
                "uncertainty": dict(one.uncertainty),
                **({"details": dict(one.details)} if one.details else {}),
            },
        }


def _details(details: Mapping[str, str]) -> dict[str, Any]:
    return {"additional_details": dict(details)} if details else {}
