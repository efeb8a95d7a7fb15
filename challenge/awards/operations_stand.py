"""Finds where a call stands on the way to a decision; who should be before the panel the instrument says."""

import json

from sqlalchemy.orm import Session

from challenge.awards.queries import latest_decision
from challenge.awards.rules import Stand
from challenge.calls import queries as calls
from challenge.calls.records import Call
from challenge.foundation.permits import Actor
from challenge.judging import queries as judging
from challenge.judging.operations_shortlist import shortlist_of
from challenge.standings import queries as standings
from challenge.teams.queries import is_competitor


def stand_of(session: Session, call: Call, actor: Actor) -> Stand:
    """Return what the rule for a proposal asks about a call and the proposer."""
    board = judging.deciding_board(session, call.id)
    latest = latest_decision(session, call.id)
    chosen = shortlist_of(session, call)
    named = judging.finalist_submissions(session, call.id)
    ids = {submission.id for submission in named}
    standing = standings.standing_of(session, board) if board is not None else None
    policy = json.loads(standing.policy) if standing is not None else {}
    return Stand(
        rules=calls.rules_of(session, call),
        state=call.state,
        board_frozen=board is not None and board.version > 0 and board.frozen_at is not None,
        not_named=tuple(one.entry.reference for one in chosen.named if one.entry.submission_id not in ids),
        tied=chosen.references_tied,
        not_agreed=tuple(one.reference for one in named if judging.consensus_of(session, one.id) is None),
        draws=policy.get("draws", 0),
        seed=policy.get("seed", 0),
        latest=latest.state if latest else None,
        competes=is_competitor(session, actor.account_id, call.id),
    )
