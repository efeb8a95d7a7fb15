"""Our own JSON: the verdict, its reasons and all of its evidence, in a fixed order."""

import json

from evaluation.licences.verdict import Verdict


def own_json(found: Verdict) -> str:
    """Write a verdict with its evidence; keys are sorted, so the same verdict gives the same bytes."""
    return json.dumps(found.to_data(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
