"""Measured on licencebench, where it lies beside the project, and on texts that a seeded hand rewrites."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.licences import (
    Outcome,
    known_texts,
    read_file,
    read_policy,
    read_publications,
    read_registry,
    verdict,
)
from tests.evaluation.licences.rewriting import genuine, tampered
from tests.evaluation.licences.scoring import Score, read_aliases

BENCH = Path(__file__).parents[4] / "shared" / "licencebench"
ACCEPTED = {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}

beside = pytest.mark.skipif(
    not BENCH.is_dir(), reason="licencebench is not beside the project, in the folder shared/licencebench"
)


def lines(name: str) -> list[dict[str, Any]]:
    """Read the expected answers."""
    return [json.loads(line) for line in (BENCH / name).read_text().splitlines()]


@beside
@pytest.mark.slow
def test_texts_are_recognised_and_edited_ones_caught_as_the_project_promises() -> None:
    score, aliases = Score(), read_aliases(BENCH / "aliases.json")
    for expected in lines("expected.jsonl"):
        content = (BENCH / "files" / expected["file"]).read_bytes()
        found = read_file(content, file=expected["file"])
        score.add(expected["family"], found, expected["ids"], expected["equivalent"], aliases)
    report = "\n".join([score.told(), *score.wrong])
    assert score.f1 >= 0.975, report
    assert score.caught >= 0.97 * score.tampered, report
    assert score.alarms <= 0.03 * score.genuine, report
    assert score.claimed == 0, report
    assert score.models_right == score.models, report


@beside
def test_every_repository_is_judged_as_expected() -> None:
    policy, registry = read_policy(BENCH / "policy.json"), read_registry(BENCH / "registry.json")
    publications = read_publications(BENCH / "doi.json")
    right, wrongly = 0, []
    for expected in lines("repos_expected.jsonl"):
        folder = BENCH / "repos" / expected["repo"]
        found = verdict(folder, policy=policy, registry=registry, publications=publications.get)
        wanted = Outcome(expected["verdict"].removeprefix("compliant-").replace("-", "_"))
        same = found.outcome is wanted and sorted({one.code for one in found.reasons}) == sorted(expected["reasons"])
        right += same and found.ai_act_exempt == expected["aia_exempt"] and found.concluded == expected["concluded"]
        if found.outcome in ACCEPTED and wanted not in ACCEPTED:
            wrongly.append(expected["scenario"])
    assert wrongly == []
    assert right >= 24


def published() -> dict[str, str]:
    """Return the texts of the SPDX licences, without exceptions and AI licences."""
    return {
        spdx: text
        for spdx, text in known_texts().items()
        if not spdx.startswith("LicenseRef-") and "exception" not in spdx.lower() and len(text) < 40_000
    }


@pytest.mark.slow
def test_texts_rewritten_by_a_seeded_hand_are_told_from_tampered_ones() -> None:
    score = Score()
    for one in genuine(published(), seed=20261126, count=240):
        found = read_file(one.content, file=one.file)
        same = [name for finding in found.findings if one.spdx in finding.ids for name in finding.ids]
        score.add("clean", found, [one.spdx], same, {})
    for one in tampered(published(), seed=20261126, count=240):
        score.add("nc_inline", read_file(one.content, file=one.file), [one.spdx], [one.spdx], {})
    report = "\n".join([score.told(), *score.wrong])
    assert score.f1 >= 0.975, report
    assert score.caught >= 0.97 * score.tampered, report
    assert score.alarms <= 0.03 * score.genuine, report
