"""Who reads what of a decision and an award; and what is published computes again to the byte."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from challenge.awards import queries
from challenge.awards.naming import with_names
from challenge.awards.records import Award, Decision
from challenge.foundation.canonical import digest
from challenge.foundation.permits import Actor, Role
from challenge.standings.states import Part
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import judged, judged_apart, propose, sign, withdraw
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

ONE_WINNER = {**DOCUMENT["selection"], "winners": 1}
READERS = ("visitor", "winner", "rival", "judge", "auditor", "admin")


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A judged call; Alder comes first, then Birch, then Cedar."""
    return judged(cast, selection=ONE_WINNER)


def reader(bench: Bench, name: str) -> Actor | None:
    """Return who reads, None for a visitor."""
    return {
        "visitor": None,
        "winner": bench.field.captains["Alder"],
        "rival": bench.field.captains["Cedar"],
        "judge": bench.judges["Jonas"],
        "auditor": bench.cast.auditor(),
        "admin": bench.admin,
    }[name]


def status(bench: Bench, name: str, path: str) -> int:
    """Return the status that a reader gets."""
    return bench.cast.browser(reader(bench, name)).get(path).status_code


def page(bench: Bench, name: str, path: str) -> str:
    """Return what a reader reads."""
    return bench.cast.browser(reader(bench, name)).get(path).get_data(as_text=True)


def main(said: str) -> str:
    """Return what a page says between its head and its foot."""
    return said.partition("<main")[2].partition("</main>")[0]


def signed(bench: Bench) -> Decision:
    """Propose and sign."""
    decision = propose(bench)
    sign(bench, decision)
    return decision


def award(bench: Bench, team: str = "Alder") -> Award:
    """Return the award of a team."""
    with bench.cast.house.database.reading() as session:
        return session.scalars(select(Award).where(Award.submission_id == bench.entry(team).id)).one()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("visitor", 404), ("winner", 404), ("rival", 404), ("judge", 404), ("auditor", 200), ("admin", 200)],
)
def test_before_it_is_signed_a_decision_is_for_admins_and_auditors(bench: Bench, name: str, expected: int) -> None:
    decision = propose(bench)
    for path in (
        f"/decisions/{decision.id}",
        f"/decisions/{decision.id}/bundle.json",
        f"/decisions/{decision.id}/document.json",
    ):
        assert status(bench, name, path) == expected, path


def test_a_proposal_shows_what_it_rests_on(bench: Bench) -> None:
    said = main(page(bench, "admin", "/calls/trial/awards/propose"))
    assert re.search(r">Alder<.*?>compliant</td>", said, re.DOTALL)
    assert "Compute and propose" in said


@pytest.mark.parametrize("name", ["visitor", "winner", "rival", "judge"])
def test_whether_anything_is_proposed_is_not_told_outside(bench: Bench, name: str) -> None:
    before = main(page(bench, name, "/calls/trial/awards"))
    assert "No decision is signed yet." in before
    propose(bench)
    assert main(page(bench, name, "/calls/trial/awards")) == before
    assert "Decision 1" in page(bench, "auditor", "/calls/trial/awards")


def test_a_withdrawn_decision_never_becomes_public(bench: Bench) -> None:
    first = propose(bench)
    withdraw(bench, first)
    signed(bench)
    for name in ("visitor", "winner", "judge"):
        assert status(bench, name, f"/decisions/{first.id}") == 404
        assert status(bench, name, f"/decisions/{first.id}/bundle.json") == 404
    assert "The panel has to vote first." in page(bench, "auditor", f"/decisions/{first.id}")


@pytest.mark.parametrize("name", READERS)
def test_a_signed_decision_is_for_everybody(bench: Bench, name: str) -> None:
    decision = signed(bench)
    said = page(bench, name, "/calls/trial/awards")
    assert '<th scope="row">Alder' in said
    assert "EUR 1,000,000.00" in said
    assert "<li>Birch (BE)</li><li>Cedar (BE)</li>" in said
    for path in (f"/decisions/{decision.id}/bundle.json", f"/decisions/{decision.id}/document.json"):
        assert status(bench, name, path) == 200


def test_who_proposed_and_signed_is_for_the_office_and_judges_are_named_to_nobody(bench: Bench) -> None:
    decision = signed(bench)
    for name in READERS:
        said = main(page(bench, name, f"/decisions/{decision.id}"))
        assert ("Proposed by Olga, signed by Pia." in said) == (name in {"auditor", "admin"})
        assert "Jonas" not in said
    bundle = page(bench, "visitor", f"/decisions/{decision.id}/bundle.json")
    document = page(bench, "visitor", f"/decisions/{decision.id}/document.json")
    assert not any(name in bundle + document for name in ("Jonas", "Olga", "Pia", "people.example"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("visitor", 303), ("winner", 200), ("rival", 404), ("judge", 404), ("auditor", 200), ("admin", 200)],
)
def test_an_award_with_its_hours_is_for_the_winner_admins_and_auditors(bench: Bench, name: str, expected: int) -> None:
    signed(bench)
    assert status(bench, name, f"/awards/{award(bench).id}") == expected


@pytest.mark.parametrize(
    ("name", "forms"), [("winner", {"release"}), ("auditor", set()), ("admin", {"usage", "usage-file", "extend"})]
)
def test_an_award_offers_each_reader_what_that_reader_may_do(bench: Bench, name: str, forms: set[str]) -> None:
    signed(bench)
    found = award(bench)
    with bench.cast.house.database.reading() as session:
        machines = [one.machine for one in queries.allocations_of(session, found.id)]
    said = page(bench, name, f"/awards/{found.id}")
    assert {path.rpartition("/")[2] for path in re.findall(r'action="(/awards/[^"]+)"', said)} == forms
    assert all(f"<h2>Hours on {machine}</h2>" in said for machine in machines)
    assert "2,000,000" in said


def test_the_reserve_list_has_an_award_page_without_money_hours_or_duty(bench: Bench) -> None:
    signed(bench)
    said = page(bench, "rival", f"/awards/{award(bench, 'Cedar').id}")
    assert "Place 3 on the reserve list." in said
    assert not any(word in said for word in ("Hours on", "Duty to release", "Prize"))


def test_only_the_office_finds_the_way_to_other_awards(bench: Bench) -> None:
    decision = signed(bench)
    way = f'href="/awards/{award(bench).id}"'
    assert way in page(bench, "admin", f"/decisions/{decision.id}")
    assert way not in page(bench, "visitor", f"/decisions/{decision.id}")
    assert way not in page(bench, "rival", f"/decisions/{decision.id}")


def test_an_admin_in_a_team_of_the_call_learns_no_more_than_the_public(bench: Bench) -> None:
    decision = propose(bench)
    inside, team = bench.cast.person("Petra", Role.ADMIN), bench.field.teams["Cedar"]
    with bench.writing() as session:
        session.add(
            Membership(team_id=team.id, account_id=inside.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    browser = bench.cast.browser(inside)
    for path in (f"/decisions/{decision.id}", f"/decisions/{decision.id}/bundle.json"):
        assert browser.get(path).status_code == 404
    assert "Decision 1" not in browser.get("/calls/trial/awards").get_data(as_text=True)
    assert browser.get("/calls/trial/awards/propose").status_code == 403
    assert (
        browser.post(f"/decisions/{decision.id}/withdraw", {"reason": "It does not suit my team."}).status_code == 403
    )


def test_a_decision_is_proposed_and_signed_on_its_pages(bench: Bench) -> None:
    proposer, signer = bench.cast.browser(bench.admin), bench.cast.browser(bench.cast.admin("Pia"))
    answer = proposer.post("/calls/trial/awards/propose")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert "You proposed this decision; another admin signs it." in proposer.get(address).get_data(as_text=True)
    assert proposer.post(f"{address}/sign").status_code == 403
    assert signer.post(f"{address}/sign").status_code == 303
    assert "The decision is signed and public; every team has been told." in signer.get(address).get_data(as_text=True)
    assert '<th scope="row">Alder' in page(bench, "visitor", address)


def test_a_proposal_is_withdrawn_on_its_page_with_a_reason(bench: Bench) -> None:
    decision = propose(bench)
    admin = bench.cast.browser(bench.admin)
    assert admin.post(f"/decisions/{decision.id}/withdraw").status_code == 422
    assert admin.post(f"/decisions/{decision.id}/withdraw", {"reason": "A mark was copied wrongly."}).status_code == 303
    said = admin.get("/calls/trial/awards").get_data(as_text=True)
    assert "withdrawn: A mark was copied wrongly." in said
    assert "Propose a decision" in said
    assert admin.post(f"/decisions/{decision.id}/withdraw").status_code == 403, "the rule comes before the form"


def test_a_tie_is_voted_on_and_an_award_withheld_on_the_page(cast: Cast) -> None:
    bench = judged(cast, right={"Alder": 5, "Birch": 5, "Cedar": 4}, selection=ONE_WINNER)
    admin = cast.browser(bench.admin)
    first = admin.post("/calls/trial/awards/propose").headers["Location"]
    said = admin.get(first).get_data(as_text=True)
    assert "does not break the tie: trial-0001 (Alder), trial-0002 (Birch)." in said
    admin.post(f"{first}/withdraw", {"reason": "The panel has to vote."})
    votes = {
        "vote_trial-0001": "1", "vote_reason_trial-0001": "Its plan is thin.",
        "vote_trial-0002": "4", "vote_reason_trial-0002": "Its plan is the clearer one.",
        "withhold_trial-0003": "y", "withhold_reason_trial-0003": "Its data are not described at all.",
    }  # fmt: skip
    short = admin.post("/calls/trial/awards/propose", {**votes, "withhold_reason_trial-0003": "No."})
    assert short.status_code == 422
    assert "Say why the panel does not recommend trial-0003, in at least 20 characters." in short.get_data(as_text=True)
    second = admin.post("/calls/trial/awards/propose", votes).headers["Location"]
    said = admin.get(second).get_data(as_text=True)
    assert re.search(r'<td class="number">1</td>\s*<th scope="row">Birch', said)
    assert "gate recommendation not passed (Its data are not described at all.)" in said


def test_before_signing_the_page_says_how_steady_the_choice_is_and_who_the_judges_are(cast: Cast) -> None:
    bench = judged_apart(cast, selection=ONE_WINNER)
    decision = propose(bench)
    said = main(page(bench, "admin", f"/decisions/{decision.id}"))
    for words in ("How near it was", "Declared", "Effective", "the cut", "How steady it is", "5,000", "of 9", "of 3"):
        assert words in said, words
    for known in ("Without judge A (Amin)", "Without judge B (Jonas)", "Without judge C (Mara)"):
        assert known in said
    sign(bench, decision)
    for name in ("visitor", "rival", "admin"):
        public = main(page(bench, name, f"/decisions/{decision.id}"))
        assert "Without judge A" in public
        assert not any(judge in public for judge in ("Amin", "Jonas", "Mara"))
    bundle = page(bench, "visitor", f"/decisions/{decision.id}/bundle.json")
    assert not any(judge in bundle for judge in ("Amin", "Jonas", "Mara"))


def test_every_step_names_the_teams_beside_their_references(bench: Bench) -> None:
    decision = propose(bench)
    said = page(bench, "admin", f"/decisions/{decision.id}")
    for reference, team in (("trial-0001", "Alder"), ("trial-0002", "Birch"), ("trial-0003", "Cedar")):
        assert f"<li>{reference} ({team}) passes all gates and thresholds" in said
    assert "Winners, at most 1: trial-0001 (Alder)." in said
    bundle = page(bench, "admin", f"/decisions/{decision.id}/bundle.json")
    assert "Alder" not in bundle, "the bundle stays as the instrument wrote it"


def test_a_team_that_stands_on_no_public_list_is_named_to_nobody_outside(cast: Cast) -> None:
    bench = judged(cast, {"Cedar": (4, 4, 4)}, selection=ONE_WINNER)
    decision = signed(bench)
    path = f"/decisions/{decision.id}"
    for name in ("visitor", "winner"):
        assert "<strong>trial-0003</strong>" in page(bench, name, path), "its board is hidden"
        assert "trial-0003 is out" in page(bench, name, path)
    assert "<strong>trial-0003 (Cedar)</strong>" in page(bench, "auditor", path)
    bench.field.publish(Part.PRIVATE)
    assert "<strong>trial-0003 (Cedar)</strong>" in page(bench, "visitor", path)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("a-1 wins over a-10 and a-1.", "a-1 (Alder) wins over a-10 (Birch) and a-1."),
        ("xa-1, a-1x and a-1-2 are others.", "xa-1, a-1x and a-1-2 are others."),
        ("a-1: 2 votes", "a-1 (Alder): 2 votes"),
        ("", ""),
    ],
)
def test_a_name_stands_beside_the_first_mention_of_its_reference(sentence: str, named: str) -> None:
    assert with_names(sentence, {"a-1": "Alder", "a-10": "Birch"}) == named
    assert with_names(sentence, {}) == sentence


def test_names_of_teams_are_text_and_nothing_else(cast: Cast) -> None:
    bench = judged(cast, right={"<b>Alder</b> & Sons": 6, "Birch": 5})
    decision = signed(bench)
    for who in (None, bench.admin):
        said = cast.browser(who).get(f"/decisions/{decision.id}").get_data(as_text=True)
        assert "<b>Alder" not in said
        assert "&lt;b&gt;Alder&lt;/b&gt; &amp; Sons" in said


def test_what_was_awarded_computes_again_from_what_is_published(bench: Bench, tmp_path: Path) -> None:
    decision = signed(bench)
    visitor = bench.cast.browser()
    raw = visitor.get(f"/decisions/{decision.id}/bundle.json").get_data()
    (tmp_path / "bundle.json").write_bytes(raw)
    found = subprocess.run(
        [sys.executable, "-m", "leaderboards", "verify", str(tmp_path / "bundle.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (found.returncode, found.stderr) == (0, "")
    document = json.loads(visitor.get(f"/decisions/{decision.id}/document.json").get_data())
    assert digest(document) == decision.digest
    assert document["bundle_sha256"] in found.stdout
    shares = json.loads(raw)["results"]["shares"]
    with bench.cast.house.database.reading() as session:
        for one in queries.awards_of(session, decision.id):
            reference = next(entry.reference for entry in bench.field.entries.values() if entry.id == one.submission_id)
            assert one.money_cents == shares["money"].get(reference, 0)
            for allocation in queries.allocations_of(session, one.id):
                assert allocation.hours == shares[f"hours on {allocation.machine}"][reference]
