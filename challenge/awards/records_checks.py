"""The platform's looks at releases; this table is the queue, too."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from challenge.awards.records import Obligation
from challenge.awards.states import CheckOutcome, CheckState
from challenge.compliance.states import LicenceVerdict
from challenge.foundation.database import Record, one_of
from challenge.foundation.leases import Leased
from challenge.people.records import Account


class ReleaseCheck(Leased, Record):
    """One look at what a winner says it has released; looks are added, and what one found is never changed."""

    __tablename__ = "release_checks"
    __table_args__ = (
        CheckConstraint("(outcome IS NOT NULL) = (state = 'ended')", name="check_outcome_only_if_ended"),
        CheckConstraint("(ended_at IS NOT NULL) = (state = 'ended')", name="check_ended_at_only_if_ended"),
        CheckConstraint(
            "(lease_until IS NOT NULL) = (state = 'running') AND (token IS NOT NULL) = (state = 'running')",
            name="check_leased_only_if_running",
        ),
        CheckConstraint("attempts >= 0 AND done >= 0 AND total >= 0", name="counts_of_a_check_are_not_negative"),
        CheckConstraint(
            "(noted_at IS NULL) = (noted_by IS NULL) AND (noted_by IS NULL OR length(note) >= 10)",
            name="a_note_on_a_check_has_its_officer_and_words",
        ),
        Index("ix_release_checks_state_not_before", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey(Obligation.id), index=True)
    hub: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Hub, model and commit that are looked at; None where the proof names none."""
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the file behind the proof's address, which itself is not fetched."""
    doi: Mapped[str] = mapped_column(String(200), default="")
    is_whole: Mapped[bool] = mapped_column(default=True)
    """Whether all files are fetched, or, once that was done, card and licences alone."""
    state: Mapped[CheckState] = mapped_column(one_of(CheckState, "check_state_is_known"))
    outcome: Mapped[CheckOutcome | None] = mapped_column(one_of(CheckOutcome, "check_outcome_is_known"))
    not_before: Mapped[datetime]
    worker: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    doing: Mapped[str] = mapped_column(String(200), default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    """What was done, or why the latest attempt did not do."""
    findings: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """How the release differs from what was evaluated, each with `code`, `sentence`, `file`, `line`, `remedy`."""
    texts: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """Licence texts that changed, each with `file`, `fate` and `pieces`."""
    verdict: Mapped[LicenceVerdict | None] = mapped_column(one_of(LicenceVerdict, "checked_verdict_is_known"))
    reasons: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """Of the verdict, in the shape of findings."""
    concluded: Mapped[str] = mapped_column(String(300), default="")
    weights: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    """Released files of weights, each with `name`, `size` and `sha256`."""
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    publication: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    """What the registry of DOIs said: `sentence`, and where it knows them `title`, `authors`, `published`."""
    engine: Mapped[str] = mapped_column(String(80), default="")
    asked_at: Mapped[datetime]
    noted_at: Mapped[datetime | None]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey(Account.id))
    note: Mapped[str] = mapped_column(Text, default="")
    """What an officer says of what it found after the release was accepted."""
