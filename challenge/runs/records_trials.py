"""Trials: a team tries its entry on the public part of a suite; no submission, so nothing that ranks ever meets one."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import CallSuite
from challenge.calls.states import EntryKind
from challenge.foundation.database import Record, one_of
from challenge.foundation.leases import Leased
from challenge.people.records import Account
from challenge.runs.states import Outcome, RunState
from challenge.teams.records import Team


class Trial(Leased, Record):
    """One try of one file on the public part of one suite, with all that came of it."""

    __tablename__ = "trials"
    __table_args__ = (
        CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="trial_outcome_only_if_ended"),
        CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="trial_leased_only_if_running",
        ),
        CheckConstraint(
            "(entry = 'endpoint') = (endpoint IS NOT NULL)", name="a_trial_has_an_endpoint_where_it_is_one"
        ),
        CheckConstraint("state <> 'ended' OR sealed_key = ''", name="the_key_of_a_trial_goes_when_it_ends"),
        CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_trial_are_not_negative"),
        Index("ix_trials_state_lease", "state", "lease_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    suite_id: Mapped[int] = mapped_column(ForeignKey(CallSuite.id))
    asked_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    asked_at: Mapped[datetime]
    entry: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "what_is_tried_is_known"))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    file_size: Mapped[int] = mapped_column(BigInteger)
    """File, name and size are those of what is tried; an endpoint has a name alone."""
    endpoint: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Address, model and route of an endpoint."""
    sealed_key: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Its key, sealed for this trial; empty once the trial has ended."""
    state: Mapped[RunState] = mapped_column(one_of(RunState, "trial_state_is_known"))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome, "trial_outcome_is_known"))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    explanation: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    report: Mapped[str] = mapped_column(Text, default="")
    """The engine's canonical `meta.json`, which speaks of public items alone; empty where nothing was scored."""
    intervals: Mapped[str] = mapped_column(Text, default="[]")
    items_sha256: Mapped[str] = mapped_column(String(64), default="")
    papers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """SHA-256 of the files that the engine left, by name; all of them are the team's to read."""
    events: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """What happened, oldest first: the instant in UTC (ISO 8601) and a sentence."""
