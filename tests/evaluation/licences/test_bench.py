"""Measured on licencebench, where it lies beside the project: nothing edited or unlicensed is accepted."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.licences import Match, Outcome, default_policy, detect, verdict

BENCH = Path(__file__).parents[4] / "shared" / "licencebench"
ACCEPTED = {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}
TAMPERED = {"truncated", "nc_append", "nc_inline", "clause_removed", "word_flip", "negative", "pointer"}

pytestmark = pytest.mark.skipif(
    not BENCH.is_dir(), reason="licencebench is not beside the project, in the folder shared/licencebench"
)


def lines(name: str) -> list[dict[str, Any]]:
    """Read the expected answers."""
    return [json.loads(line) for line in (BENCH / name).read_text().splitlines()]


def test_no_edited_text_and_no_text_without_a_licence_is_taken_for_a_plain_one() -> None:
    for expected in lines("expected.jsonl"):
        if expected["family"] in TAMPERED:
            found = detect((BENCH / "files" / expected["file"]).read_bytes(), file=expected["file"])
            assert found.match is not Match.EXACT, expected


def test_no_doubtful_repository_is_accepted_but_the_one_whose_doi_is_dead() -> None:
    wrong, right = [], 0
    for expected in lines("repos_expected.jsonl"):
        folder = BENCH / "repos" / expected["repo"]
        said = json.loads(path.read_text()) if (path := folder / "submission.json").is_file() else {}
        found = verdict(folder, policy=default_policy(), route=said.get("route"), doi=said.get("doi"))
        name = expected["verdict"].replace("-", "_").replace("compliant_by_publication", "by_publication")
        right += found.outcome == name
        if found.outcome in ACCEPTED and Outcome(name) not in ACCEPTED:
            wrong.append(expected["scenario"])
    # Whether a DOI resolves is a question to the network, which this instrument does not ask.
    assert wrong == ["publication-dead"]
    assert right >= 22
