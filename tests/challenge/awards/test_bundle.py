"""The bundle that the site gives out holds shortlist, marks and stability, and the real command recomputes it all."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from challenge.awards.document import read_decision
from challenge.awards.letters import letters_of
from challenge.awards.records import Decision
from challenge.foundation.canonical import digest
from tests.cast import Cast
from tests.challenge.awards.prize import judged, judged_apart, outcome, propose, sign
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

PUBLISHED = Path(__file__).parent / "published"
TWO = {**DOCUMENT["selection"], "winners": 2}


def downloaded(bench: Bench, decision: Decision, folder: Path) -> Path:
    """Download a bundle as the office does before the decision is signed, and everybody after."""
    answer = bench.cast.browser(bench.admin).get(f"/decisions/{decision.id}/bundle.json")
    assert answer.status_code == 200
    path = folder / "bundle.json"
    path.write_bytes(answer.get_data())
    return path


def verify(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leaderboards", "verify", str(path)], capture_output=True, text=True, check=False
    )


def test_a_decision_of_several_judges_computes_again_from_what_the_site_gives_out(cast: Cast, tmp_path: Path) -> None:
    bench = judged_apart(cast, selection=TWO)
    decision = propose(bench)
    sign(bench, decision)
    path = downloaded(bench, decision, tmp_path)
    found = verify(path)
    assert (found.returncode, found.stderr) == (0, "")
    plain = json.loads(path.read_bytes())
    assert {"shortlist_rules", "reviews", "stability_plan"} <= plain["inputs"].keys()
    assert plain["inputs"]["stability_plan"]["seed"] == DOCUMENT["ranking"]["seed"]
    assert [one["changed"] for one in plain["results"]["stability"]["judges"]] == ["A", "B", "C"]
    assert len(plain["results"]["stability"]["weights"]) == 9
    assert plain["results"]["stability"]["draws"] == 5000
    assert plain["results"]["shortlist"]["listed"] == ["trial-0001", "trial-0002", "trial-0003"]


def test_marks_stand_under_letters_and_no_name_or_number_of_an_account(cast: Cast, tmp_path: Path) -> None:
    bench = judged_apart(cast)
    raw = downloaded(bench, propose(bench), tmp_path).read_bytes()
    marks = json.loads(raw)["inputs"]["reviews"]["marks"]
    given = {(entry, judge): halves for entry, judge, criterion, halves, _ in marks if criterion == "implementation"}
    assert sorted(given["trial-0001", letter] for letter in "ABC") == [7, 8, 9]
    assert len(marks) == 27
    for name in (b"Amin", b"Jonas", b"Mara"):
        assert name not in raw


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda plain: plain["inputs"]["reviews"]["marks"][0].__setitem__(3, 0), "results.stability"),
        (lambda plain: plain["inputs"]["stability_plan"].__setitem__("seed", 8), "results.stability"),
        (lambda plain: plain["inputs"]["shortlist_rules"].__setitem__("places", 1), "digests.shortlist_rules"),
        (lambda plain: plain["results"]["stability"]["sets"][0].__setitem__(2, 1), "results.stability.sets[0][2]"),
        (lambda plain: plain["results"]["shortlist"]["listed"].pop(), "results.shortlist.listed[2]"),
    ],
)
def test_a_change_anywhere_is_named_by_its_field(cast: Cast, tmp_path: Path, change: Any, field: str) -> None:
    bench = judged_apart(cast, selection=TWO)
    path = downloaded(bench, propose(bench), tmp_path)
    plain = json.loads(path.read_bytes())
    change(plain)
    path.write_text(json.dumps(plain, sort_keys=True, separators=(",", ":")) + "\n")
    found = verify(path)
    assert found.returncode == 1
    assert f"different: {field}" in found.stdout


def test_one_byte_changed_is_found(cast: Cast, tmp_path: Path) -> None:
    bench = judged_apart(cast, selection=TWO)
    path = downloaded(bench, propose(bench), tmp_path)
    raw = path.read_bytes()
    at = raw.index(b'"draws":5000,"judges"') + len(b'"draws":')
    path.write_bytes(raw[:at] + b"6" + raw[at + 1 :])
    found = verify(path)
    assert found.returncode == 1
    assert "different: results.stability.draws: the bundle says 6000, recomputed 5000" in found.stdout


def test_a_panel_of_one_and_no_panel_at_all_compute_again_too(cast: Cast, tmp_path: Path) -> None:
    one = judged(cast)
    assert verify(downloaded(one, propose(one), tmp_path)).returncode == 0


def test_a_decision_without_winners_computes_again(cast: Cast, tmp_path: Path) -> None:
    bench = judged(cast, dict.fromkeys(("Alder", "Birch", "Cedar"), (4, 4, 4)))
    decision = propose(bench)
    found = outcome(decision)
    assert found.stability is not None
    assert (found.contenders, found.line, found.stability.selected) == ((), None, {})
    assert verify(downloaded(bench, decision, tmp_path)).returncode == 0


def test_what_was_published_before_still_verifies_and_is_read() -> None:
    """The two files were written by the platform before decisions carried any of this."""
    assert verify(PUBLISHED / "decision-1-bundle.json").returncode == 0
    plain = json.loads((PUBLISHED / "decision-1.json").read_text())
    assert digest(plain) == "6a6f27cffc76f1da273c8d49a0f998a80f80a7db06794d3c1e30606acc0f5725"
    said = read_decision(plain)
    assert [one.team for one in said.outcome.winners] == ["Alder", "Cedar"]
    assert (said.outcome.stability, said.outcome.contenders, said.board.draws) == (None, (), 0)


def test_letters_follow_what_was_marked_and_never_who_marked_it() -> None:
    found = letters_of({7: ["a"], 3: ["b"], 9: ["c"]})
    others = letters_of({1: ["c"], 2: ["a"], 5: ["b"]})
    assert set(found.values()) == set("ABC")
    assert (found[7], found[3], found[9]) == (others[2], others[5], others[1])
    many = letters_of({number: [number] for number in range(30)})
    assert (min(many.values()), max(many.values()), len(set(many.values()))) == ("AA", "BD", 30)
    assert letters_of({}) == {}
