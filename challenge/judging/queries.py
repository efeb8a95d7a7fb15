"""Reads the panel, the finalists, and all that was declared, reviewed and agreed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call
from challenge.foundation.permits import Actor, NotFound, Role, demand
from challenge.judging.docket import Agreed, Docket, Listed, Pair, Report, Seat, Word
from challenge.judging.links import Entrant, Judge, Link, Person, found_links
from challenge.judging.records import Consensus, Declaration, Finalist, Panellist, Review, SettledTie
from challenge.judging.rules import why_not_come
from challenge.judging.shortlist import TieWord
from challenge.judging.states import ReviewState
from challenge.people import queries as people
from challenge.people.records import Account
from challenge.standings import queries as standings
from challenge.standings.records import Board, Standing
from challenge.standings.states import Part
from challenge.submissions.records import Submission
from challenge.teams.queries import competitors_of
from challenge.teams.records import Membership, Team


@dataclass(frozen=True)
class Listing:
    """A finalist's rows."""

    finalist: Finalist
    submission: Submission
    team: Team
    members: list[Account]


def panel_of(session: Session, call_id: int) -> list[tuple[Panellist, Account]]:
    """Return a call's panel with the accounts, the chair first, then by name."""
    rows = session.execute(
        select(Panellist, Account)
        .join(Account, Account.id == Panellist.account_id)
        .where(Panellist.call_id == call_id)
        .order_by(Panellist.is_chair.desc(), Account.name, Account.id)
    )
    return [(first, second) for first, second in rows]


def panellist(session: Session, call_id: int, account_id: int | None) -> Panellist | None:
    """Return a person's seat on a call's panel, None if they have none."""
    return session.get(Panellist, (call_id, account_id)) if account_id is not None else None


def hold_seat(session: Session, call_id: int, account_id: int | None) -> None:
    """Hold a person's seat until the transaction ends, so that what one judge writes in two windows takes turns."""
    session.get(Panellist, (call_id, account_id), with_for_update=True, populate_existing=True)


def calls_of_judge(session: Session, account_id: int) -> list[int]:
    """Return the calls on whose panels a person sits, newest first."""
    query = select(Panellist.call_id).where(Panellist.account_id == account_id).order_by(Panellist.call_id.desc())
    return list(session.scalars(query))


def finalists_of(session: Session, call_id: int) -> list[Finalist]:
    """Return a call's finalists in the order of their submissions."""
    query = select(Finalist).where(Finalist.call_id == call_id).order_by(Finalist.submission_id)
    return list(session.scalars(query))


def finalist_submissions(session: Session, call_id: int) -> list[Submission]:
    """Return the submissions of a call's finalists, by reference."""
    query = (
        select(Submission)
        .join(Finalist, Finalist.submission_id == Submission.id)
        .where(Finalist.call_id == call_id)
        .order_by(Submission.reference)
    )
    return list(session.scalars(query))


def links_of(session: Session, account_id: int, submission: Submission) -> list[Link]:
    """Return what the platform finds between a panellist and an entry's team, in sentences."""
    docket = docket_of(session, submission.call_id)
    return list(docket.links.get((account_id, submission.id), ()))


def declaration_of(session: Session, account_id: int, submission_id: int) -> Declaration | None:
    """Return what a judge declared on an entry, None if nothing yet."""
    return session.scalar(
        select(Declaration).where(Declaration.account_id == account_id, Declaration.submission_id == submission_id)
    )


def own_review(session: Session, account_id: int, submission_id: int) -> Review | None:
    """Return a judge's latest review of an entry, be it a draft or submitted."""
    return session.scalar(
        select(Review)
        .where(Review.account_id == account_id, Review.submission_id == submission_id)
        .order_by(Review.version.desc())
        .limit(1)
    )


def reviews_of(session: Session, submission_id: int) -> list[Review]:
    """Return the latest submitted review of each judge of an entry, in the order of accounts."""
    latest = {review.account_id: review for review in versions_of(session, submission_id)}
    return [latest[account_id] for account_id in sorted(latest)]


def versions_of(session: Session, submission_id: int) -> list[Review]:
    """Return every submitted version of every review of an entry, older versions first; drafts are their judge's."""
    return list(
        session.scalars(
            select(Review)
            .where(Review.submission_id == submission_id, Review.state == ReviewState.SUBMITTED)
            .order_by(Review.version, Review.account_id)
        )
    )


def consensus_of(session: Session, submission_id: int) -> Consensus | None:
    """Return what the panel agreed on for an entry, its latest version."""
    return next(iter(consensus_versions(session, submission_id)), None)


def consensus_versions(session: Session, submission_id: int) -> list[Consensus]:
    """Return every version of an entry's consensus, newest first."""
    query = select(Consensus).where(Consensus.submission_id == submission_id).order_by(Consensus.version.desc())
    return list(session.scalars(query))


def tie_word(session: Session, call_id: int) -> TieWord | None:
    """Return the latest word on a tie at the maximum of a call's shortlist, None where there is none."""
    query = select(SettledTie).where(SettledTie.call_id == call_id).order_by(SettledTie.id.desc()).limit(1)
    found = session.scalar(query)
    return TieWord(tuple(found.tied), tuple(found.taken), found.reason) if found is not None else None


def deciding_board(session: Session, call_id: int) -> Board | None:
    """Return the private board of a call's first suite, by which it decides; None before there is one."""
    private = (board for board in standings.boards_of_call(session, call_id) if board.part is Part.PRIVATE)
    return next(private, None)


def deciding_standing(session: Session, call_id: int) -> Standing | None:
    """Return the latest standing of the board by which a call decides, None before the first."""
    board = deciding_board(session, call_id)
    return standings.standing_of(session, board) if board is not None else None


def listing(session: Session, call_id: int, reference: str) -> Listing:
    """Return a finalist of a call by reference; raise NotFound if it is none."""
    found = _listings(session, call_id, reference)
    if not found:
        raise NotFound
    return found[0]


def docket_of(session: Session, call_id: int) -> Docket:
    """Return everything a call's panel has before it."""
    panel, listings = panel_of(session, call_id), _listings(session, call_id)
    competitors = competitors_of(session, call_id)
    ids = [one.submission.id for one in listings]
    reviews = list(session.scalars(select(Review).where(Review.submission_id.in_(ids)).order_by(Review.version)))
    submitted = [review for review in reviews if review.state is ReviewState.SUBMITTED]
    declared = session.scalars(select(Declaration).where(Declaration.submission_id.in_(ids)))
    return Docket(
        seats=tuple(Seat(seat.account_id, account.name, seat.affiliation, seat.is_chair) for seat, account in panel),
        finalists=tuple(sorted((_listed(one) for one in listings), key=lambda one: (one.team, one.reference))),
        links=_links(panel, listings, competitors),
        words={(one.account_id, one.submission_id): Word(one.conflict, one.statement, one.at) for one in declared},
        drafts=frozenset((one.account_id, one.submission_id) for one in reviews if one.state is ReviewState.DRAFT),
        reports={(one.account_id, one.submission_id): _report(one) for one in submitted},
        agreed=_agreed(session, ids),
        competitors=competitors,
    )


def panel_for(session: Session, actor: Actor, key: str) -> tuple[Call, Rules, Docket]:
    """Return a call with its rules and docket; raise NotFound for those who have nothing to do with its panel."""
    call = calls.call_by_key(session, key)
    docket = docket_of(session, call.id)
    if docket.seat(actor.account_id) is None and not actor.has(Role.ADMIN, Role.AUDITOR):
        raise NotFound
    demand(why_not_come(docket, actor))
    return call, calls.rules_of(session, call), docket


def _listings(session: Session, call_id: int, reference: str | None = None) -> list[Listing]:
    """Read a call's finalists, or the one of that reference, with the members of all their teams in one statement."""
    query = (
        select(Finalist, Submission, Team)
        .join(Submission, Submission.id == Finalist.submission_id)
        .join(Team, Team.id == Submission.team_id)
        .where(Finalist.call_id == call_id)
    )
    if reference is not None:
        query = query.where(Submission.reference == reference)
    rows = list(session.execute(query))
    members: dict[int, list[Account]] = {team.id: [] for _, _, team in rows}
    seated = session.execute(
        select(Membership.team_id, Account)
        .join(Account, Account.id == Membership.account_id)
        .where(Membership.team_id.in_(members))
        .order_by(Membership.is_captain.desc(), Membership.joined_at, Account.id)
    )
    for team_id, account in seated:
        members[team_id].append(account)
    return [Listing(finalist, submission, team, members[team.id]) for finalist, submission, team in rows]


def _listed(one: Listing) -> Listed:
    return Listed(
        submission_id=one.submission.id,
        reference=one.submission.reference,
        team=one.team.name,
        members=tuple(account.name for account in one.members),
        member_ids=frozenset(account.id for account in one.members),
        reason=one.finalist.reason,
    )


def _links(
    panel: Iterable[tuple[Panellist, Account]], listings: Collection[Listing], competitors: Collection[int]
) -> dict[Pair, tuple[str, ...]]:
    links: dict[Pair, tuple[str, ...]] = {}
    for seat, account in panel:
        judge = Judge(Person(account.id, account.email), seat.affiliation)
        for one in listings:
            members = tuple(Person(member.id, member.email) for member in one.members)
            found = found_links(judge, Entrant(one.team.name, members), competes=account.id in competitors)
            if found:
                links[account.id, one.submission.id] = found
    return links


def _report(review: Review) -> Report:
    at = review.submitted_at or review.saved_at
    return Report(review.version, dict(review.halves), dict(review.comments), at)


def _agreed(session: Session, submission_ids: Collection[int]) -> dict[int, Agreed]:
    query = select(Consensus).where(Consensus.submission_id.in_(submission_ids)).order_by(Consensus.version)
    found = list(session.scalars(query))
    names = people.names_of(session, (one.recorded_by for one in found))
    return {
        one.submission_id: Agreed(
            one.version, dict(one.halves), one.statement, one.reason, names[one.recorded_by], one.at
        )
        for one in found
    }
