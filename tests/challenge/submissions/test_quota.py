"""The quota: never overrun, charged only for what is the team's, and always what the ledger adds up to."""

import itertools
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.audit import first_break
from challenge.foundation.canonical import digest
from challenge.foundation.database import Database
from challenge.foundation.files import Stored
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, NotFound, Refused
from challenge.foundation.signing import Signer, is_signed
from challenge.people import queries as people
from challenge.submissions import operations, queries
from challenge.submissions.entry import Entry
from challenge.submissions.records import Quota, QuotaEntry, Receipt, Submission
from challenge.submissions.states import QuotaMove
from challenge.teams import queries as teams
from challenge.teams.records import Team
from tests.cast import TODAY, Cast
from tests.stage import stage_call, stage_team

PROCESSES = 8
_counter = itertools.count(1)


@pytest.fixture
def call(cast: Cast) -> Call:
    """An open call."""
    return stage_call(cast)


@pytest.fixture
def team(cast: Cast, call: Call) -> Team:
    """Ada's team, with five places and ten failures given back."""
    return stage_team(cast, call, "Alder Models", cast.person("Ada"))


def entry(name: str) -> Entry:
    """Return an entry whose files have digests of their own; accepting looks at no file."""
    return Entry(
        title=f"Entry {name}",
        abstract="What it is and why.",
        declared_licence="Apache-2.0",
        route="weights",
        doi="",
        requests={"LUMI": 1},
        predictions=Stored(digest(name), 21),
        predictions_name="predictions.csv",
        package=None,
        package_name="",
        idempotency_key=f"key-of-{name}",
    )


def accept(cast: Cast, team: Team, name: str = "") -> Submission:
    """Hand in as Ada."""
    with cast.house.database.transaction() as session:
        return _accept(session, cast.person("Ada"), team.id, name or str(next(_counter)), cast.house.signer)


def _accept(session: Session, who: Actor, team_id: int, name: str, signer: Signer) -> Submission:
    team = teams.team(session, team_id)
    call = calls.call(session, team.call_id)
    rules = calls.rules_of(session, call)
    return operations.accept(
        session, actor=who, call=call, rules=rules, team=team, entry=entry(name), signer=signer, now=TODAY
    )


def _hand_in_from_another_process(address: str, instance: str, account_id: int, team_id: int, names: list[str]) -> int:
    """Hand in one entry after the other; return how many were accepted."""
    database, accepted = Database(address), 0
    signer = Signer.kept_in(Path(instance))
    for name in names:
        try:
            with database.transaction() as session:
                _accept(session, people.actor_of(session, account_id), team_id, name, signer)
            accepted += 1
        except Refused:
            pass
    database.close()
    return accepted


def balance(cast: Cast, team: Team) -> tuple[int, int, int]:
    """Add up a team's ledger: used, granted, failures noted."""
    with cast.house.database.reading() as session:
        ledger = queries.ledger_of(session, team.id)
    used = sum(line.amount for line in ledger if line.kind is not QuotaMove.GRANTED)
    granted = sum(line.amount for line in ledger if line.kind is QuotaMove.GRANTED)
    return used, granted, sum(line.kind is QuotaMove.FAILED for line in ledger)


def row(cast: Cast, team: Team) -> Quota:
    """Return a team's quota row."""
    with cast.house.database.reading() as session:
        found = queries.quota_of(session, team.id, "entry")
    assert found is not None
    return found


def test_of_fifty_submissions_at_once_from_eight_processes_five_are_accepted(cast: Cast, team: Team) -> None:
    account_id = cast.person("Ada").account_id or 0
    names = [f"{number:02d}-of-fifty" for number in range(50)]
    shares = [names[start::PROCESSES] for start in range(PROCESSES)]
    arguments = (cast.house.settings.database_url, str(cast.house.settings.instance), account_id, team.id)
    cast.house.database.close()
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        futures = [pool.submit(_hand_in_from_another_process, *arguments, share) for share in shares]
        accepted = sum(future.result() for future in futures)
    assert accepted == 5
    with cast.house.database.reading() as session:
        kept = queries.submissions_of_call(session, team.call_id)
        receipts = session.scalar(select(func.count()).select_from(Receipt))
        assert first_break(session) is None
        assert len(letters_of(session, account_id)) == 5
    assert [submission.number for submission in kept] == [1, 2, 3, 4, 5]
    assert [submission.reference for submission in kept] == [f"trial-000{number}" for number in range(1, 6)]
    assert receipts == 5
    assert (row(cast, team).used, balance(cast, team)) == (5, (5, 0, 0))


def test_ten_teams_at_once_get_numbers_without_gaps(cast: Cast, call: Call) -> None:
    crew = []
    for number in range(10):
        captain = cast.person(f"Captain {number}")
        crew.append((captain, stage_team(cast, call, f"Grove {number} Labs", captain).id))

    def hand_in(who: Actor, team_id: int, name: str) -> bool:
        try:
            with cast.house.database.transaction() as session:
                _accept(session, who, team_id, name, cast.house.signer)
        except Refused:
            return False
        return True

    jobs = [(who, team_id, f"{team_id}-entry-{number}") for number in range(6) for who, team_id in crew]
    with ThreadPoolExecutor(10) as pool:
        accepted = sum(pool.map(lambda job: hand_in(*job), jobs))
    assert accepted == 50
    with cast.house.database.reading() as session:
        kept = queries.submissions_of_call(session, call.id)
        assert first_break(session) is None
    assert [submission.number for submission in kept] == list(range(1, 51))


def test_one_form_sent_by_eight_threads_at_once_is_one_submission(cast: Cast, team: Team) -> None:
    cast.person("Ada")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: accept(cast, team, "double-click").reference, range(8)))
    assert set(found) == {"trial-0001"}
    assert (row(cast, team).used, balance(cast, team)) == (1, (1, 0, 0))


def test_a_team_without_a_quota_row_has_what_the_call_gives(cast: Cast, team: Team) -> None:
    with cast.house.database.transaction() as session:
        session.delete(session.get_one(Quota, (team.id, "entry")))
    cast.person("Ada")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: _try(cast, team), range(8)))
    assert sum(outcomes) == 5
    kept = row(cast, team)
    assert (kept.allowed, kept.used, kept.failures_allowed, kept.failed) == (5, 5, 10, 0)


def _try(cast: Cast, team: Team) -> bool:
    try:
        accept(cast, team)
    except Refused:
        return False
    return True


def test_a_refused_submission_leaves_nothing_behind(cast: Cast, team: Team) -> None:
    for _ in range(5):
        accept(cast, team)
    with cast.house.database.reading() as session:
        before = [session.scalar(select(func.count()).select_from(each)) for each in (Submission, QuotaEntry, Receipt)]
    with pytest.raises(Refused) as refused:
        accept(cast, team)
    assert refused.value.sentence.startswith("All 5 places are used in the phase Submission.")
    with cast.house.database.reading() as session:
        after = [session.scalar(select(func.count()).select_from(each)) for each in (Submission, QuotaEntry, Receipt)]
    assert before == after == [5, 5, 5]


def test_a_place_comes_back_once_where_the_fault_is_the_platforms(cast: Cast, team: Team) -> None:
    submission = accept(cast, team)
    with cast.house.database.transaction() as session:
        assert operations.return_quota(session, submission=submission, reason="A disk was full.", now=cast.now)
        assert not operations.return_quota(session, submission=submission, reason="A disk was full.", now=cast.now)
    assert (row(cast, team).used, balance(cast, team)) == (0, (0, 0, 0))


def test_a_place_is_given_back_once_by_eight_who_try_at_once(cast: Cast, team: Team) -> None:
    submission = accept(cast, team)
    accept(cast, team)

    def give_back(_: int) -> bool:
        with cast.house.database.transaction() as session:
            return operations.return_quota(session, submission=submission, reason="A disk was full.", now=cast.now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(give_back, range(8))) == 1
    assert (row(cast, team).used, balance(cast, team)) == (1, (1, 0, 0))


def test_failures_are_given_back_until_they_are_used_up(cast: Cast, team: Team) -> None:
    with cast.house.database.transaction() as session:
        session.get_one(Quota, (team.id, "entry")).failures_allowed = 2
    outcomes = []
    for _ in range(4):
        submission = accept(cast, team)
        with cast.house.database.transaction() as session:
            outcomes.append(
                operations.charge_failure(session, submission=submission, reason="Line 3 has no item.", now=cast.now)
            )
            again = operations.charge_failure(session, submission=submission, reason="Twice.", now=cast.now)
        assert not again
    assert outcomes == [True, True, False, False]
    kept = row(cast, team)
    assert (kept.used, kept.failed, balance(cast, team)) == (2, 2, (2, 0, 4))
    page = cast.browser(cast.person("Ada")).get(f"/teams/{team.id}/submissions").get_data(as_text=True)
    assert "3 of 5 left" in page
    assert "2 of 2 failures given back." in page
    assert "Line 3 has no item. The failures that are given back are used up, so the place stays used." in page


def test_an_admin_grants_more_on_record(cast: Cast, team: Team) -> None:
    for _ in range(5):
        accept(cast, team)
    office, path = cast.browser(cast.admin()), f"/teams/{team.id}/quota"
    reason = "The platform was down on Sunday."
    short = office.post(path, {"phase": "entry", "amount": "2", "reason": "down"})
    assert (short.status_code, "Write at least 10 characters." in short.get_data(as_text=True)) == (422, True)
    assert office.post(path, {"phase": "jury", "amount": "2", "reason": reason}).status_code == 422
    assert office.post(path, {"phase": "entry", "amount": "101", "reason": reason}).status_code == 422
    assert office.post(path, {"phase": "entry", "amount": "2", "reason": reason}).status_code == 303
    assert [_try(cast, team) for _ in range(3)] == [True, True, False]
    assert (row(cast, team).allowed, row(cast, team).used, balance(cast, team)) == (7, 7, (7, 2, 0))
    with cast.house.database.reading() as session:
        assert [line.verb for line in teams.history_of(session, team.id)] == ["grant_quota"]
        assert any(reason in letter.body for letter in letters_of(session, cast.person("Ada").account_id or 0))


def test_only_an_admin_grants(cast: Cast, team: Team) -> None:
    for who in (cast.person("Ada"), cast.judge(), cast.auditor()):
        answer = cast.browser(who).post(
            f"/teams/{team.id}/quota", {"phase": "entry", "amount": "2", "reason": "x" * 20}
        )
        assert answer.status_code == 403
        with pytest.raises(Refused), cast.house.database.transaction() as session:
            operations.grant_quota(
                session, actor=who, team=team, phase="entry", amount=1, reason="Because I ask.", now=cast.now
            )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(["accept", "return", "fail", "grant"]), max_size=12), pick=st.randoms())
def test_whatever_happens_the_row_is_what_the_ledger_adds_up_to(
    cast: Cast, call: Call, moves: list[str], pick: object
) -> None:
    number = next(_counter)
    captain = cast.person(f"Skipper {number}")
    team = stage_team(cast, call, f"Fleet {number} of ships", captain)
    with cast.house.database.transaction() as session:
        session.get_one(Quota, (team.id, "entry")).failures_allowed = 2
    own: list[Submission] = []
    for move in moves:
        with cast.house.database.transaction() as session:
            if move == "accept":
                try:
                    own.append(_accept(session, captain, team.id, str(next(_counter)) + "-law", cast.house.signer))
                except Refused:
                    session.rollback()
            elif move == "grant":
                operations.grant_quota(
                    session, actor=cast.admin(), team=team, phase="entry", amount=1, reason="Ten letters.", now=cast.now
                )
            elif own:
                chosen = pick.choice(own)  # type: ignore[attr-defined]
                verb = operations.return_quota if move == "return" else operations.charge_failure
                verb(session, submission=chosen, reason="As drawn.", now=cast.now)
    kept, (used, granted, failures) = row(cast, team), balance(cast, team)
    assert (kept.used, kept.allowed) == (used, 5 + granted)
    assert kept.failed == min(failures, 2)


def test_hours_that_the_call_does_not_have_are_refused(cast: Cast, call: Call, team: Team) -> None:
    ada = cast.person("Ada")
    with cast.house.database.transaction() as session:
        rules = calls.rules_of(session, call)
        wrong = entry("foreign")
        for requests, sentence in (
            ({"Colossus": 5}, "The call gives no hours on Colossus; its machines are LUMI and Leonardo."),
            ({"LUMI": -1}, "Ask for 0 to 4,000,000 hours on LUMI; that is all there is."),
        ):
            with pytest.raises(Invalid) as refused:
                operations.accept(
                    session, actor=ada, call=call, rules=rules, team=team,
                    entry=Entry(**{**wrong.__dict__, "requests": requests}), signer=cast.house.signer, now=cast.now,
                )  # fmt: skip
            assert refused.value.sentence == sentence


def test_a_team_hands_in_to_its_own_call_only(cast: Cast, team: Team) -> None:
    other, ada = stage_call(cast, key="second"), cast.person("Ada")
    with pytest.raises(NotFound), cast.house.database.transaction() as session:
        operations.accept(
            session, actor=ada, call=other, rules=calls.rules_of(session, other), team=team,
            entry=entry("astray"), signer=cast.house.signer, now=cast.now,
        )  # fmt: skip


def test_every_receipt_given_out_is_signed(cast: Cast, team: Team) -> None:
    submission = accept(cast, team)
    with cast.house.database.reading() as session:
        receipt = queries.receipt_of(session, submission.id)
    assert receipt.public_key == cast.house.signer.public_key
    assert is_signed(json.loads(receipt.document), receipt.signature, receipt.public_key)
