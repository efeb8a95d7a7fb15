"""A policy is data, checked key by key, and it cannot wave a finding through."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.licences import DEFAULT_POLICY, Outcome, PolicyError, default_policy, policy_from, read_policy


def changed(**changes: object) -> dict[str, Any]:
    """Change the policy that comes with the instrument."""
    return {**json.loads(DEFAULT_POLICY.read_text()), **changes}


def test_the_policy_that_comes_along_is_sound() -> None:
    policy = default_policy()
    assert policy.classes["mit"].outcome is Outcome.COMPLIANT
    assert policy.outcome("TEXT_MISMATCH") is Outcome.NON_COMPLIANT
    assert policy.outcome("ANYTHING_ELSE") is Outcome.NEEDS_REVIEW


ODD = {"outcome": "needs_review", "ai_act_exempt": False, "licences": ["X"]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            changed(findings={"MODIFIED_TEXT": "compliant"}),
            "findings.MODIFIED_TEXT: write needs_review or non_compliant",
        ),
        (changed(extra=1), "extra: the key is not known"),
        (changed(families="cc"), "families: missing, or not a list"),
        (changed(families=[1]), "families: write a list of texts"),
        (changed(osi_approved="nothing"), "osi_approved: 'nothing' is no class"),
        (changed(aliases={"a": 1}), "aliases.a: write a text"),
        (changed(classes={"odd": 1}), "classes.odd: write outcome, ai_act_exempt"),
        (changed(classes={"odd": ODD}), "classes.odd: a class that is not compliant needs code, sentence and remedy"),
        (changed(classes={"odd": {**ODD, "outcome": "fine"}}), "classes.odd.outcome: write compliant, needs_review"),
        (changed(classes={"odd": {**ODD, "outcome": "by_publication"}}), "classes.odd.outcome: write compliant"),
        (
            changed(classes={name: {**ODD, "outcome": "compliant"} for name in ("a", "b")}),
            "classes.b.licences: X is in two classes",
        ),
    ],
)
def test_a_fault_is_named_by_its_key(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy_from(data)
    assert str(caught.value).startswith(sentence)


def test_a_file_that_is_no_json_is_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text('{\n "name": }')
    with pytest.raises(PolicyError, match=r"policy.json: line 2: not valid JSON"):
        read_policy(path)
