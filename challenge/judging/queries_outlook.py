"""Reads the finalists as a look ahead takes them, less those whose scores are not open to the reader."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from challenge.calls.records import Call
from challenge.judging import queries
from challenge.judging.contestants import Contestant
from challenge.judging.queries_contestants import contestants_of
from challenge.standings import queries as standings


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


def finalists_open_to(session: Session, call: Call, open_to_reader: Collection[int]) -> list[Contestant]:
    """Return the finalists among those submissions that are open to a reader, by reference."""
    return [one for one in contestants_of(session, call.id) if one.is_finalist and one.submission_id in open_to_reader]
