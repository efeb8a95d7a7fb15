"""Reads the finalists as a look ahead takes them, less those whose scores are not open to the reader."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.judging import queries
from challenge.judging.docket import Docket
from challenge.judging.outlook import Hopeful
from challenge.standings import queries as standings
from challenge.standings.states import Part
from challenge.submissions import queries as submissions
from challenge.teams import queries as teams


@dataclass(frozen=True)
class DecidingBoard:
    """The standing of the deciding board as an instrument needs it; in place of names, references."""

    policy: str
    scores_sha256: str
    unranked: tuple[tuple[str, str], ...]


def deciding_board(session: Session, call: Call) -> DecidingBoard | None:
    """Return the standing by which a call decides, None before the first."""
    standing = queries.deciding_standing(session, call.id)
    if standing is None:
        return None
    ranking = standings.ranking_of(standing)
    unranked = tuple((one.entrant, one.reason) for one in ranking.unranked)
    return DecidingBoard(standing.policy, standing.scores_sha256, unranked)


def hopefuls_of(session: Session, call: Call, docket: Docket, open_to_reader: Collection[int]) -> list[Hopeful]:
    """Return the finalists that are open to a reader, with gates, board and agreed marks, by reference."""
    entries = {one.submission_id: one for one in queries.shortlist_entries(session, call.id)}
    places = standings.entry_points(session, call.id, Part.PRIVATE)
    found = []
    for listed in docket.finalists:
        if listed.submission_id not in open_to_reader:
            continue
        submission = submissions.submission(session, listed.submission_id)
        entry, place = entries.get(listed.submission_id), places.get(listed.submission_id)
        agreed = docket.agreed.get(listed.submission_id)
        verdict = (entry.verdict if entry and entry.verdict else "none yet").replace("_", " ")
        eligible = entry is not None and entry.eligible
        found.append(
            Hopeful(
                reference=listed.reference,
                team=listed.team,
                country=teams.team(session, submission.team_id).country,
                gates=(
                    ("eligibility", eligible, "the team is eligible" if eligible else "the team is not eligible"),
                    ("licence", entry is not None and entry.licence_passes, f"licence verdict {verdict}"),
                    ("board", place is not None, "ranked on the private board" if place else "not ranked"),
                ),
                points=place.points if place else None,
                rank_low=place.rank_low if place else None,
                rank_high=place.rank_high if place else None,
                halves=dict(agreed.halves) if agreed else {},
                requests=dict(submission.requests),
            )
        )
    return sorted(found, key=lambda one: one.reference)
