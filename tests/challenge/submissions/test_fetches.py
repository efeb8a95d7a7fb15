"""A fetch belongs to one worker at a time, ends once, and moves the quota as the class of its ending says."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from challenge.calls.records import Call
from challenge.calls.states import EntryKind
from challenge.compliance import queries as compliance
from challenge.foundation.outbox import letters_of
from challenge.foundation.permits import Actor, Invalid, Refused
from challenge.runs import queries_queue
from challenge.standings.rules_results import FETCHING, NOT_FETCHED, why_not_ranked
from challenge.submissions import operations_fetches as fetches
from challenge.submissions import queries_fetches
from challenge.submissions.fetch_endings import COUNTED, ENDINGS, FREE, KEPT, MOST_ATTEMPTS, NO_PLACE, PAUSES, RETURNED
from challenge.submissions.operations_fetches import FetchClaim
from challenge.submissions.operations_hub import PASSING, Brought, pack
from challenge.submissions.records import Quota, QuotaEntry, Submission
from challenge.submissions.states import FetchOutcome, FetchState, QuotaMove
from challenge.teams.records import Team
from evaluation.hub import LeftOut
from tests.cast import Cast
from tests.challenge.submissions.hubs import COMMIT, HUB, fetch, handed_in, quota, verbs, with_hub
from tests.stage import stage_call

LEASE = timedelta(seconds=5)
TEAMS = (
    FetchOutcome.NOT_THERE, FetchOutcome.TOO_LARGE, FetchOutcome.NO_WEIGHTS, FetchOutcome.NOT_TAKEN,
    FetchOutcome.MODEL_REFUSED,
)  # fmt: skip


@pytest.fixture
def call(cast: Cast) -> Call:
    """A call that runs models, in a house that fetches them from a hub."""
    with_hub(cast)
    return stage_call(cast, takes=EntryKind.MODEL)


@pytest.fixture
def submission(cast: Cast, ada: Actor, team: Team) -> Submission:
    """A model that waits to be fetched."""
    return handed_in(cast, ada, team)


def claim(cast: Cast, worker: str = "w1") -> FetchClaim | None:
    """Take the fetch whose turn it is."""
    with cast.house.database.transaction() as session:
        return fetches.claim_fetch(session, worker=worker, lease=LEASE, now=cast.now)


def taken(cast: Cast) -> FetchClaim:
    """Take the fetch that waits."""
    found = claim(cast)
    assert found is not None
    return found


def end(cast: Cast, held: FetchClaim, brought: Brought) -> bool:
    """Report how a fetch ended."""
    with cast.house.database.transaction() as session:
        return fetches.end_fetch(session, claim=held, brought=brought, now=cast.now)


def fetched(cast: Cast, content: bytes = b"PK\x03\x04 a model") -> Brought:
    """Put a package into the store and return what fetching came to."""
    stored = cast.house.files.put(io.BytesIO(content), limit=10**6)
    left_out = (LeftOut("pytorch_model.bin", "files of this kind may hold pickles."),)
    return Brought(FetchOutcome.FETCHED, "2 files were fetched.", stored, "tiny-0123.zip", 2, left_out)


def sweep(cast: Cast) -> bool:
    """Deal with one deserted fetch."""
    with cast.house.database.transaction() as session:
        return fetches.sweep_fetches(session, now=cast.now)


def seen(cast: Cast) -> tuple[list[int], list[int]]:
    """Return the submissions that wait to be examined, and to be run."""
    with cast.house.database.reading() as session:
        examined = [each.id for each in compliance.unexamined(session, limit=9)]
        return examined, [each.id for each, _ in queries_queue.without_runs(session, limit=9)]


def test_every_way_of_ending_has_its_class_and_the_platforms_are_those_that_are_shown_to_the_office() -> None:
    assert set(ENDINGS) == {outcome.value for outcome in FetchOutcome}
    ours = {outcome for outcome in FetchOutcome if not ENDINGS[outcome].is_teams}
    assert ours == set(queries_fetches.OURS)
    assert ours >= PASSING
    assert set(TEAMS) == set(FetchOutcome) - ours - {FetchOutcome.FETCHED}


def test_until_it_is_fetched_nothing_else_is_done_with_it_and_then_it_is_as_if_handed_in(
    cast: Cast, ada: Actor, submission: Submission
) -> None:
    assert seen(cast) == ([], [])
    held = taken(cast)
    assert (held.hub, held.commit, held.attempt, held.limit) == (HUB, COMMIT, 1, 5_000_000)
    assert claim(cast) is None
    assert end(cast, held, fetched(cast))
    ended = fetch(cast, submission)
    assert (ended.state, ended.outcome, ended.quota_note) == (FetchState.ENDED, FetchOutcome.FETCHED, KEPT)
    assert quota(cast, submission) == (1, 0)
    assert seen(cast) == ([submission.id], [submission.id])
    with cast.house.database.reading() as session:
        again = session.get_one(Submission, submission.id)
        package = queries_fetches.package_of(session, again)
        assert package is not None
        assert queries_fetches.evaluated_of(session, again) == (package.sha256, package.size)
        letter = letters_of(session, ada.account_id or 0)[0]
    assert again.package_sha256 is None
    assert package.sha256 in letter.body
    assert verbs(cast) == ["end_fetch"]
    browser = cast.browser(ada)
    page = browser.get("/submissions/trial-0001").get_data(as_text=True)
    for word in (package.sha256, "pytorch_model.bin", "may hold pickles", "2 files were fetched.", "tiny-0123.zip"):
        assert word in page
    assert package.sha256 in browser.get("/submissions/trial-0001/receipt").get_data(as_text=True)
    assert browser.get("/submissions/trial-0001/files/package").data == b"PK\x03\x04 a model"


@pytest.mark.parametrize("outcome", [outcome for outcome in FetchOutcome if outcome is not FetchOutcome.FETCHED])
def test_every_failure_is_told_once_and_moves_the_quota_as_its_class_says(
    cast: Cast, ada: Actor, submission: Submission, outcome: FetchOutcome
) -> None:
    brought, attempts = Brought(outcome, "Said by the hub <b>."), 0
    while fetch(cast, submission).state is not FetchState.ENDED:
        cast.clock.advance(fetch(cast, submission).not_before - cast.now)
        held, attempts = taken(cast), attempts + 1
        assert end(cast, held, brought)
        assert not end(cast, held, brought)
    assert attempts == (MOST_ATTEMPTS if outcome in PASSING else 1)
    ended = fetch(cast, submission)
    assert ended.outcome is outcome
    assert (quota(cast, submission), ended.quota_note) == (((0, 1), FREE) if outcome in TEAMS else ((0, 0), RETURNED))
    assert seen(cast) == ([], [])
    with cast.house.database.reading() as session:
        letters = [each for each in letters_of(session, ada.account_id or 0) if "What to do" in each.body]
    assert [ENDINGS[outcome].remedy in each.body for each in letters] == [True]
    browser, office = cast.browser(ada), cast.browser(cast.admin())
    page = browser.get("/submissions/trial-0001").get_data(as_text=True)
    assert "Said by the hub &lt;b&gt;." in page
    assert f"the {'team' if outcome in TEAMS else 'platform'}’s" in page
    assert "Fetch it again" not in page
    assert ("Fetch it again" in office.get("/submissions/trial-0001").get_data(as_text=True)) == (outcome not in TEAMS)
    assert "could not be fetched" in browser.get("/compliance/trial-0001").get_data(as_text=True)
    assert ("was not taken from the hub" in browser.get("/desk").get_data(as_text=True)) == (outcome in TEAMS)
    assert ("by no fault of their teams: 1" in office.get("/desk").get_data(as_text=True)) == (outcome not in TEAMS)
    assert ENDINGS[outcome].title in office.get("/fetches").get_data(as_text=True)
    assert "no: <a" in browser.get("/submissions/trial-0001/receipt").get_data(as_text=True)


def test_a_team_without_free_failures_is_charged(cast: Cast, submission: Submission) -> None:
    with cast.house.database.transaction() as session:
        session.get_one(Quota, (submission.team_id, "entry")).failures_allowed = 0
    end(cast, taken(cast), Brought(FetchOutcome.NOT_THERE, "404"))
    assert (quota(cast, submission), fetch(cast, submission).quota_note) == ((1, 0), COUNTED)


def test_the_pauses_grow_and_the_page_says_when_the_next_attempt_is(
    cast: Cast, ada: Actor, submission: Submission
) -> None:
    waits = []
    for _ in PAUSES:
        end(cast, taken(cast), Brought(FetchOutcome.HUB_AWAY, "The hub could not be asked: ConnectError."))
        waits.append(int((fetch(cast, submission).not_before - cast.now).total_seconds()))
        assert claim(cast) is None
        cast.clock.advance(fetch(cast, submission).not_before - cast.now)
    assert tuple(waits) == PAUSES == tuple(sorted(PAUSES))
    page = cast.browser(ada).get("/submissions/trial-0001").get_data(as_text=True)
    assert "ConnectError" in page
    assert f"Attempt {MOST_ATTEMPTS} of {MOST_ATTEMPTS}" in page
    assert verbs(cast) == ["put_off_fetch"] * len(PAUSES)


@pytest.mark.usefixtures("submission")
def test_a_beat_keeps_the_lease_and_a_deserted_fetch_is_another_ones(cast: Cast, ada: Actor) -> None:
    first = taken(cast)
    cast.clock.advance(timedelta(seconds=4))
    with cast.house.database.transaction() as session:
        beat = fetches.beat_fetch(
            session, claim=first, done=3 * 2**30, total=2**33, doing="model.safetensors", lease=LEASE, now=cast.now
        )
    assert beat
    page = cast.browser(ada).get("/submissions/trial-0001").get_data(as_text=True)
    assert "are here, at model.safetensors." in page
    assert "model.safetensors" not in cast.browser(cast.admin()).get("/fetches").get_data(as_text=True)
    cast.clock.advance(timedelta(seconds=4))
    assert not sweep(cast)
    cast.clock.advance(timedelta(seconds=1))
    assert sweep(cast)
    assert not sweep(cast)
    second = taken(cast)
    assert second.attempt == 2
    with cast.house.database.transaction() as session:
        assert not fetches.beat_fetch(session, claim=first, done=1, total=1, doing="", lease=LEASE, now=cast.now)
        assert not fetches.hand_back_fetch(session, claim=first, now=cast.now)
    assert not end(cast, first, fetched(cast, b"PK\x03\x04 other"))
    assert end(cast, second, fetched(cast))
    assert verbs(cast) == ["take_back_fetch", "end_fetch"]


def test_a_worker_that_leaves_hands_it_back_uncounted(cast: Cast, submission: Submission) -> None:
    held = taken(cast)
    with cast.house.database.transaction() as session:
        assert fetches.hand_back_fetch(session, claim=held, now=cast.now)
    assert (fetch(cast, submission).state, fetch(cast, submission).attempts) == (FetchState.WAITING, 0)
    assert taken(cast).attempt == 1


def test_after_several_deserted_attempts_it_is_given_up_and_costs_nothing(cast: Cast, submission: Submission) -> None:
    for _ in range(MOST_ATTEMPTS):
        taken(cast)
        cast.clock.advance(LEASE)
        assert sweep(cast)
    assert fetch(cast, submission).outcome is FetchOutcome.ABANDONED
    assert quota(cast, submission) == (0, 0)


def test_an_admin_has_it_fetched_again_and_the_quota_does_not_move(
    cast: Cast, ada: Actor, submission: Submission
) -> None:
    end(cast, taken(cast), Brought(FetchOutcome.HUB_UNTRUE, "README.md: its bytes are not those of the commit."))
    olga = cast.admin()
    office, own, auditor = cast.browser(olga), cast.browser(ada), cast.browser(cast.auditor())
    office.get("/submissions/trial-0001")
    assert office.post("/submissions/trial-0001/fetch", {"reason": "short"}).status_code == 422
    for browser in (own, auditor):
        assert browser.post("/submissions/trial-0001/fetch", {"reason": "The hub is mended."}).status_code == 403
    with cast.house.database.transaction() as session, pytest.raises(Invalid):
        fetches.retry_fetch(session, actor=olga, submission=submission, reason="short", now=cast.now)
    answer = office.post("/submissions/trial-0001/fetch", {"reason": "The hub is mended."})
    assert answer.status_code == 303
    assert office.post("/submissions/trial-0001/fetch", {"reason": "The hub is mended."}).status_code == 403
    end(cast, taken(cast), fetched(cast))
    ended = fetch(cast, submission)
    assert (ended.outcome, ended.attempts, ended.quota_note) == (FetchOutcome.FETCHED, 1, NO_PLACE)
    assert quota(cast, submission) == (0, 0)
    with cast.house.database.reading() as session:
        moves = list(session.scalars(select(QuotaEntry.kind).order_by(QuotaEntry.id)))
    assert moves == [QuotaMove.RESERVED, QuotaMove.RETURNED]
    assert verbs(cast) == ["end_fetch", "retry_fetch", "end_fetch"]
    with cast.house.database.transaction() as session, pytest.raises(Refused):
        fetches.retry_fetch(session, actor=olga, submission=submission, reason="Once more, please.", now=cast.now)


@pytest.mark.parametrize(
    "law",
    [
        "outcome = 'fetched'",
        "state = 'running'",
        "token = 'x'",
        "state = 'ended', outcome = 'fetched', ended_at = asked_at",
        "package_sha256 = 'x'",
        "done = -1",
        "state = 'lost'",
    ],
)
def test_the_database_keeps_a_fetch_whole(cast: Cast, submission: Submission, law: str) -> None:
    with pytest.raises(IntegrityError), cast.house.database.transaction() as session:
        session.execute(text(f"UPDATE fetches SET {law}"))  # noqa: S608  # of the list above
    assert fetch(cast, submission).state is FetchState.WAITING


def test_a_board_says_why_a_model_of_a_hub_is_not_on_it() -> None:
    assert why_not_ranked(None, None, from_hub=True) == FETCHING
    assert why_not_ranked(None, None, from_hub=True, fetch=FetchOutcome.TOO_LARGE) == NOT_FETCHED
    assert why_not_ranked(None, None, from_hub=True, fetch=FetchOutcome.FETCHED) == why_not_ranked(None, None)


def test_equal_files_make_equal_packages_whenever_and_in_whichever_order_they_came(tmp_path: Path) -> None:
    files = {"config.json": b"{}", "a/b.txt": b"x" * 70_000, "vocab.txt": b"", "A.md": b"# card"}
    packed = []
    for turn, names in enumerate((sorted(files), sorted(files, reverse=True))):
        folder = tmp_path / str(turn)
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(files[name])
            (folder / name).chmod(0o600 + turn)
        assert pack(folder, tmp_path / f"{turn}.zip") == 4
        assert not [path for path in folder.rglob("*") if path.is_file()]
        packed.append((tmp_path / f"{turn}.zip").read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.testzip() is None
