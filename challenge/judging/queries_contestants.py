"""Reads every team's final entry as the shortlist, a look ahead and the decision take it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from challenge.compliance import queries as compliance
from challenge.compliance.states import PASSING
from challenge.judging import queries
from challenge.judging.contestants import Contestant, gates_before_panel
from challenge.judging.records import Consensus
from challenge.standings import queries as standings
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams


def contestants_of(session: Session, call_id: int) -> list[Contestant]:
    """Return the final entries of a call with gates, place, agreed marks and wishes, by reference.

    Asks nobody for permission: what a reader may not see has to be left out by whoever asks.
    """
    standing = queries.deciding_standing(session, call_id)
    places = {one.entrant: one for one in standings.ranking_of(standing).entries} if standing is not None else {}
    eligible = teams.eligible_team_ids(session, call_id)
    verdicts = compliance.verdicts_in_force(session, call_id)
    entered = {team.id: team for team in teams.teams_of_call(session, call_id)}
    finalists = {finalist.submission_id for finalist in queries.finalists_of(session, call_id)}
    versions = select(Consensus).where(Consensus.submission_id.in_(finalists)).order_by(Consensus.version)
    agreed = {one.submission_id: dict(one.halves) for one in session.scalars(versions)}
    found = []
    for team_id, submission in submissions.final_submissions(session, call_id).items():
        team, verdict, place = entered[team_id], verdicts.get(submission.id), places.get(submission.reference)
        found.append(
            Contestant(
                reference=submission.reference,
                submission_id=submission.id,
                team_id=team_id,
                team=team.name,
                country=team.country,
                gates=gates_before_panel(
                    eligible=team_id in eligible,
                    verdict=verdict.value if verdict else None,
                    licence_passes=verdict in PASSING,
                    ranked=place is not None,
                ),
                points=place.points if place else None,
                rank_low=place.rank_low if place else None,
                rank_high=place.rank_high if place else None,
                is_finalist=submission.id in finalists,
                halves=agreed.get(submission.id, {}),
                requests=dict(submission.requests),
                verdict=verdict.value if verdict else None,
            )
        )
    return sorted(found, key=lambda one: one.reference)
