"""A house that fetches models from a hub, and a team that hands one in by its commit."""

from dataclasses import replace

from sqlalchemy import select

from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.audit import AuditLine
from challenge.foundation.permits import Actor
from challenge.submissions import operations, operations_fetches, queries, queries_fetches
from challenge.submissions.hub import HubEntry
from challenge.submissions.records import Submission
from challenge.submissions.records_fetches import Fetch
from challenge.teams.records import Team
from tests.cast import Cast
from tests.challenge.submissions.test_receipts import ENTRY

HUB = "https://hub.example"
MODEL = "a-team/tiny"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def with_hub(cast: Cast, hub: str = HUB, **changes: object) -> None:
    """Let the house fetch from a hub, and a worker that can be there."""
    settings = replace(cast.house.settings, hub=hub, **changes)
    cast.app.extensions["house"] = cast.house = replace(cast.house, settings=settings)
    report(cast)


def report(cast: Cast, trouble: str = "", worker: str = "able") -> None:
    """Let a worker say whether it can fetch."""
    with cast.house.database.transaction() as session:
        operations_fetches.report_fetcher(session, worker=worker, trouble=trouble, now=cast.now)


def handed_in(
    cast: Cast, captain: Actor, team: Team, *, number: int = 1, hub: str = "", model: str = MODEL
) -> Submission:
    """Hand in a model by its commit, by the operation itself."""
    hub = hub or cast.house.settings.hub
    entry = replace(
        ENTRY, predictions=None, predictions_name="", package=None, package_name="", hub=HubEntry(model, COMMIT),
        idempotency_key=f"form-of-number-{number}",
    )  # fmt: skip
    with cast.house.database.transaction() as session:
        call = session.get_one(Call, team.call_id)
        return operations.accept(
            session, actor=captain, call=call, rules=calls.rules_of(session, call), team=team, entry=entry,
            signer=cast.house.signer, now=cast.now, hub=hub,
        )  # fmt: skip


def fetch(cast: Cast, submission: Submission) -> Fetch:
    """Return the fetch of a submission as it is now."""
    with cast.house.database.reading() as session:
        return queries_fetches.fetch(session, submission.id)


def quota(cast: Cast, submission: Submission) -> tuple[int, int]:
    """Return the places used and the failures of the team."""
    with cast.house.database.reading() as session:
        found = queries.quota_of(session, submission.team_id, submission.phase)
    assert found is not None
    return found.used, found.failed


def verbs(cast: Cast) -> list[str]:
    """Return what was done about fetching, by the audit log."""
    with cast.house.database.reading() as session:
        return [line for line in session.scalars(select(AuditLine.verb).order_by(AuditLine.number)) if "fetch" in line]
