"""Reads all that the page of one board shows to one reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from challenge.calls import queries as calls
from challenge.calls.document import Rules
from challenge.calls.records import Call, CallSuite
from challenge.foundation.permits import Actor, NotFound, WhyNot
from challenge.standings import queries, rules, rules_every_eval_ever, rules_veil
from challenge.standings.gates import GateMark
from challenge.standings.policy import SuiteTask, read_tasks, tasks_of
from challenge.standings.queries_gates import gate_marks
from challenge.standings.queries_shake_up import why_not_compare_parts
from challenge.standings.queries_shown import Shown, shown
from challenge.standings.states import Veil
from challenge.teams.queries import team_of


@dataclass(frozen=True)
class BoardView:
    """One version of a board, as far as it is the same for everybody who reads the same names."""

    seen: queries.Glance
    call: Call
    suite: CallSuite
    rules: Rules
    shown: Shown | None
    """None before the board was built."""

    @property
    def version(self) -> int:
        """The version shown, 0 before the first."""
        return self.shown.version if self.shown else 0

    @property
    def title(self) -> str:
        """What the board is called."""
        return f"{self.suite.title}, {self.seen.stand.part} part"

    @property
    def tasks(self) -> tuple[SuiteTask, ...]:
        """The tasks that count on the board."""
        return tasks_of(read_tasks(self.suite.summary), self.seen.stand.part)

    @property
    def standing(self) -> Shown:
        """The standing as this reader may see it; raises NotFound before the board was built."""
        if self.shown is None:
            raise NotFound
        return self.shown


@dataclass(frozen=True)
class ReadersView:
    """What a page shows beside the board, which differs from reader to reader."""

    insider: bool
    why_not: Mapping[str, WhyNot]
    gates: list[GateMark]
    own: frozenset[str]
    """References of whatever the reader's team handed in."""
    history: list[tuple[int, datetime, str]]
    """Version, instant and digest of the newest standings."""


def board_view(session: Session, seen: queries.Glance, number: int | None) -> BoardView:
    """Return one version of a board, the latest unless a number is given; raise NotFound where there is none."""
    call = calls.call(session, seen.call_id)
    wanted = seen.stand.version if number is None else number
    # only a board that was never built may be shown without a standing, and only at its own address
    found = shown(session, seen, wanted) if wanted or number is not None else None
    return BoardView(seen, call, calls.suite(session, seen.suite_id), calls.rules_of(session, call), found)


def readers_view(session: Session, view: BoardView) -> ReadersView:
    """Return what a reader sees beside a board."""
    seen, insider = view.seen, rules.is_insider(view.seen.reader)
    first = queries.first_version_for(session, seen)
    return ReadersView(
        insider=insider,
        why_not=_why_not(session, seen) | {"samples": why_not_samples(view.seen, view.suite)},
        gates=gate_marks(session, view.call.id, view.shown.names) if insider and view.shown else [],
        own=_own(session, seen.reader, view.call.id),
        history=queries.history_of(session, seen, first=first),
    )


def why_not_items(seen: queries.Glance) -> WhyNot:
    """Say why a reader may not have what names entries item by item: not yet, or not under pseudonyms."""
    return rules_veil.why_not_items_by_name(veiled=seen.veiled) or rules.why_not_items(seen.reader, seen.stand)


def why_not_samples(seen: queries.Glance, suite: CallSuite) -> WhyNot:
    """Say why a reader may not have the public items as samples: not yet, or because there are none."""
    return why_not_items(seen) or rules_every_eval_ever.why_not_samples(seen.stand.part, suite.takes)


def _why_not(session: Session, seen: queries.Glance) -> dict[str, WhyNot]:
    """Say of every deed on a board why it may not be done; what only insiders ask is only reckoned for them."""
    answers = {"items": why_not_items(seen), "shake_up": why_not_compare_parts(session, seen)}
    if rules.is_insider(seen.reader):
        work = queries.work_on(session, queries.board(session, seen.board_id))
        answers["publish"] = rules.why_not_publish(seen.reader, seen.stand, work)
        answers["hide"] = rules.why_not_hide(seen.reader, seen.stand)
        answers["freeze"] = rules.why_not_freeze(seen.reader, seen.stand, work)
        answers["name"] = rules_veil.why_not_lift(seen.reader, seen.stand)
        for veil in (Veil.PUBLIC, Veil.JUDGES):
            answers[veil] = rules_veil.why_not_veil(seen.reader, seen.stand, veil)
    return answers


def _own(session: Session, actor: Actor, call_id: int) -> frozenset[str]:
    team = team_of(session, call_id=call_id, account_id=actor.account_id) if actor.signed_in else None
    return frozenset(queries.own_references(session, team_id=team.id)) if team else frozenset()
