"""Documents: a verdict with its evidence as our own JSON and as bills of materials; the same input, the same bytes."""

from evaluation.licences.documents.cyclonedx import cyclonedx
from evaluation.licences.documents.own import own_json
from evaluation.licences.documents.spdx2 import spdx2
from evaluation.licences.documents.spdx3 import spdx3

__all__ = ["cyclonedx", "own_json", "spdx2", "spdx3"]
