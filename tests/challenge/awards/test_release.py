"""A winner proves its release, an admin accepts the proof or turns it down, and only then it is public."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from challenge.awards import operations, queries
from challenge.awards.records import Award, Obligation
from challenge.awards.states import ObligationState
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, NotFound, Refused, Role
from challenge.teams.records import Membership
from tests.cast import TODAY, Cast
from tests.challenge.awards.prize import judged, propose, sign
from tests.challenge.judging.bench import Bench
from tests.stage import DOCUMENT

PROOF = {"url": "https://models.example/alder/weights.safetensors", "sha256": "ab" * 32, "doi": ""}
PAPER = {"url": "", "sha256": "", "doi": "10.5281/zenodo.1234567"}


@pytest.fixture
def bench(cast: Cast) -> Bench:
    """A call whose decision is signed: Alder and Birch win, Cedar is on the reserve list."""
    bench = judged(cast, selection={**DOCUMENT["selection"], "winners": 2})
    sign(bench, propose(bench))
    return bench


def award(bench: Bench, team: str = "Alder") -> Award:
    """Return the award of a team."""
    with bench.cast.house.database.reading() as session:
        return session.scalars(select(Award).where(Award.submission_id == bench.entry(team).id)).one()


def duty(bench: Bench, team: str = "Alder") -> Obligation:
    """Return the duty of a team as it stands."""
    with bench.cast.house.database.reading() as session:
        return queries.duty_of(session, award(bench, team))


def prove(bench: Bench, proof: dict[str, str], *, actor: Actor | None = None, team: str = "Alder") -> None:
    """Hand in a proof, as the team's captain unless somebody else is named."""
    with bench.writing() as session:
        operations.prove_release(
            session, actor=actor or bench.field.captains[team], award=queries.award(session, award(bench, team).id),
            now=bench.cast.now, **proof,
        )  # fmt: skip


def accept(bench: Bench, *, actor: Actor | None = None) -> None:
    """Accept Alder's proof."""
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations.accept_proof(session, actor=actor or bench.admin, award=found, now=bench.cast.now)


def reopen(bench: Bench, reason: str, *, actor: Actor | None = None) -> None:
    """Turn Alder's proof down."""
    with bench.writing() as session:
        found = queries.award(session, award(bench).id)
        operations.reopen_obligation(
            session, actor=actor or bench.admin, award=found, reason=reason, now=bench.cast.now
        )


@pytest.mark.parametrize("proof", [PROOF, PAPER], ids=["weights", "publication"])
def test_a_release_is_proved_and_accepted(bench: Bench, proof: dict[str, str]) -> None:
    prove(bench, proof)
    assert duty(bench).state is ObligationState.PROVED
    accept(bench)
    met = duty(bench)
    assert (met.state, met.accepted_by) == (ObligationState.ACCEPTED, bench.admin.account_id)
    assert {"url": met.proof_url, "sha256": met.proof_sha256, "doi": met.proof_doi} == proof
    with bench.cast.house.database.reading() as session:
        newest = letters_of(session, bench.field.captains["Alder"].account_id or 0)[0]
    assert newest.subject == "Your release is accepted"


def test_a_proof_turned_down_opens_the_duty_again_and_says_why(bench: Bench) -> None:
    before = duty(bench).due_at
    prove(bench, PROOF)
    reopen(bench, "The file behind the address is empty.")
    again = duty(bench)
    assert (again.state, again.due_at, again.proof_url, again.proof_sha256) == (ObligationState.OPEN, before, "", "")
    captain = bench.field.captains["Alder"]
    with bench.cast.house.database.reading() as session:
        newest = letters_of(session, captain.account_id or 0)[0]
    assert "The reason: The file behind the address is empty." in newest.body
    page = bench.cast.browser(captain).get(f"/awards/{award(bench).id}").get_data(as_text=True)
    assert "The last proof was not accepted: The file behind the address is empty." in page
    prove(bench, PAPER)
    assert "was not accepted" not in bench.cast.browser(captain).get(f"/awards/{award(bench).id}").get_data(
        as_text=True
    )
    accept(bench)
    assert duty(bench).state is ObligationState.ACCEPTED


def test_only_the_winners_members_prove(bench: Bench) -> None:
    for somebody in (bench.field.captains["Birch"], bench.admin, bench.judges["Jonas"], bench.cast.auditor()):
        with pytest.raises(Refused, match="Only the winner's members may hand in the proof"):
            prove(bench, PROOF, actor=somebody)


def test_only_an_admin_who_stands_apart_judges_a_proof(bench: Bench) -> None:
    inside = bench.cast.person("Petra", Role.ADMIN)
    team = bench.field.teams["Alder"]
    with bench.writing() as session:
        session.add(
            Membership(team_id=team.id, account_id=inside.account_id, call_id=team.call_id, is_captain=False, joined_at=TODAY)
        )  # fmt: skip
    prove(bench, PROOF)
    for somebody, sentence in (
        (bench.field.captains["Alder"], "Only an admin may accept a proof or turn it down"),
        (bench.cast.auditor(), "Only an admin may accept a proof or turn it down"),
        (inside, "You are in this team; another admin looks at the proof"),
    ):
        with pytest.raises(Refused, match=sentence):
            accept(bench, actor=somebody)
        with pytest.raises(Refused, match=sentence):
            reopen(bench, "The file behind the address is empty.", actor=somebody)
    assert duty(bench).state is ObligationState.PROVED


def test_each_step_has_its_place(bench: Bench) -> None:
    with pytest.raises(Refused, match="There is no proof that waits to be looked at"):
        accept(bench)
    prove(bench, PROOF)
    with pytest.raises(Refused, match="The proof is handed in and waits for an admin"):
        prove(bench, PAPER)
    accept(bench)
    with pytest.raises(Refused, match="The release is accepted; there is nothing left to prove"):
        prove(bench, PAPER)
    with pytest.raises(Refused, match="There is no proof that waits to be looked at"):
        reopen(bench, "The file behind the address is empty.")


def test_a_place_on_the_reserve_list_owes_nothing(bench: Bench) -> None:
    with pytest.raises(NotFound):
        prove(bench, PROOF, team="Cedar")


def test_turning_down_needs_a_reason(bench: Bench) -> None:
    prove(bench, PROOF)
    for reason in ("", "No."):
        with pytest.raises(Invalid) as refused:
            reopen(bench, reason)
        assert refused.value.field_name == "reason"


def test_a_proof_without_its_shape_is_refused_beside_its_field(bench: Bench) -> None:
    browser = bench.cast.browser(bench.field.captains["Alder"])
    answer = browser.post(f"/awards/{award(bench).id}/release", {"url": "http://models.example/x", "sha256": "ab" * 32})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Write a full address such as https://models.example/our-model/weights.safetensors." in page
    assert 'value="http://models.example/x"' in page
    assert duty(bench).state is ObligationState.OPEN


def test_from_proof_to_the_public_page(bench: Bench) -> None:
    address, visitor = f"/awards/{award(bench).id}", bench.cast.browser()
    captain, admin = bench.cast.browser(bench.field.captains["Alder"]), bench.cast.browser(bench.admin)
    assert captain.post(f"{address}/release", dict(PROOF)).status_code == 303
    assert PROOF["url"] not in visitor.get("/calls/trial/releases").get_data(as_text=True)
    assert admin.post(f"{address}/release/accept").status_code == 303
    assert "1 of 2 released" in visitor.get("/calls/trial/awards").get_data(as_text=True)
    page = visitor.get("/calls/trial/releases").get_data(as_text=True)
    assert f'<a href="{PROOF["url"]}" rel="noopener nofollow">' in page
    assert '<span class="state good">released</span>' in page


def test_a_proof_turned_down_on_the_page_never_was_public(bench: Bench) -> None:
    address, admin = f"/awards/{award(bench).id}", bench.cast.browser(bench.admin)
    prove(bench, PROOF)
    assert admin.post(f"{address}/release/reopen", {"reason": "No."}).status_code == 422
    assert admin.post(f"{address}/release/reopen", {"reason": "The file is empty."}).status_code == 303
    assert PROOF["url"] not in bench.cast.browser().get("/calls/trial/releases").get_data(as_text=True)


def test_the_rule_is_asked_before_the_form(bench: Bench) -> None:
    address = f"/awards/{award(bench).id}"
    admin = bench.cast.browser(bench.admin)
    assert admin.post(f"{address}/release/reopen").status_code == 403
    answer = admin.post(f"{address}/release", {"url": "x" * 600})
    assert answer.status_code == 403
    assert "Only the winner&#39;s members may hand in the proof of the release." in answer.get_data(as_text=True)


@pytest.mark.parametrize(("days", "words"), [(364, "1 day"), (363, "2 days"), (365, "0 days"), (366, "overdue")])
def test_the_page_counts_the_days_down(bench: Bench, days: int, words: str) -> None:
    opens = DOCUMENT["phases"][2]["opens"]
    bench.cast.clock.instant = opens + timedelta(days=days)
    page = bench.cast.browser(bench.field.captains["Alder"]).get(f"/awards/{award(bench).id}").get_data(as_text=True)
    assert f'<span class="figure">{words}</span> due' in page


def test_the_database_keeps_no_acceptance_without_somebody_who_accepted(bench: Bench) -> None:
    prove(bench, PROOF)
    with pytest.raises(Exception, match="accepted_by_only_if_accepted"), bench.writing() as session:
        session.execute(text("UPDATE obligations SET state = 'accepted' WHERE proved_at IS NOT NULL"))
