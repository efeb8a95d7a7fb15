"""Submissions, their receipts, the quota they draw on, and which of them is a team's final one."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import Call
from challenge.calls.states import EntryKind
from challenge.foundation.database import Record, one_of
from challenge.people.records import Account
from challenge.submissions.states import QuotaMove, Route
from challenge.teams.records import Team


class Submission(Record):
    """One entry of a team: predictions, model or endpoint, and the package of what would be released. Never changed."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("team_id", "idempotency_key"),
        UniqueConstraint("call_id", "number"),
        CheckConstraint(
            "(entry = 'predictions') = (predictions_sha256 IS NOT NULL)",
            name="predictions_only_where_they_are_the_entry",
        ),
        CheckConstraint(
            "predictions_sha256 IS NOT NULL OR (predictions_size = 0 AND predictions_name = '')",
            name="without_predictions_nothing_is_said_of_them",
        ),
        CheckConstraint(
            "entry <> 'model' OR (package_sha256 IS NOT NULL) <> (hub IS NOT NULL)",
            name="a_model_entry_has_its_package_or_is_fetched",
        ),
        CheckConstraint("hub IS NULL OR entry = 'model'", name="from_a_hub_comes_a_model_alone"),
        CheckConstraint("(entry = 'endpoint') = (endpoint IS NOT NULL)", name="an_endpoint_only_where_it_is_the_entry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    number: Mapped[int]
    """Counts a call's submissions in the order of their acceptance."""
    reference: Mapped[str] = mapped_column(String(60), unique=True)
    """Readable name: the call's key and the number."""
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    phase: Mapped[str] = mapped_column(String(40))
    submitted_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    submitted_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    abstract: Mapped[str] = mapped_column(Text)
    declared_licence: Mapped[str] = mapped_column(String(200))
    route: Mapped[Route] = mapped_column(one_of(Route, "route_is_known"))
    doi: Mapped[str] = mapped_column(String(200), default="")
    requests: Mapped[dict[str, int]] = mapped_column(JSON)
    """GPU-hours asked for, by machine."""
    entry: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "entry_is_known"), default=EntryKind.PREDICTIONS)
    """What it is evaluated on: the predictions, or the model in the package."""
    predictions_sha256: Mapped[str | None] = mapped_column(String(64))
    predictions_name: Mapped[str] = mapped_column(String(200), default="")
    predictions_size: Mapped[int] = mapped_column(BigInteger, default=0)
    package_sha256: Mapped[str | None] = mapped_column(String(64))
    package_name: Mapped[str] = mapped_column(String(200), default="")
    package_size: Mapped[int] = mapped_column(BigInteger, default=0)
    endpoint: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Address, model and route of an endpoint; its key lies sealed in a table of its own."""
    hub: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    """Hub, model and commit of a model that is fetched; what came of it lies in a table of its own."""
    call_digest: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(80))

    @property
    def evaluated_sha256(self) -> str:
        """The SHA-256 of the file that is evaluated; empty where none was handed in (see `queries_fetches`)."""
        files = {EntryKind.PREDICTIONS: self.predictions_sha256, EntryKind.MODEL: self.package_sha256}
        return files.get(self.entry) or ""

    @property
    def evaluated_size(self) -> int:
        """Its size in bytes."""
        return self.package_size if self.entry is EntryKind.MODEL else self.predictions_size


class EndpointKey(Record):
    """The key of an endpoint, sealed for its submission; read by the worker that asks the endpoint, by nobody else."""

    __tablename__ = "endpoint_keys"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    sealed_at: Mapped[datetime]


class Receipt(Record):
    """The signed receipt of an accepted submission, kept as it was given out."""

    __tablename__ = "receipts"

    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))
    public_key: Mapped[str] = mapped_column(String(64))


class Quota(Record):
    """What a team may still hand in during a phase; the numbers that one conditional UPDATE guards."""

    __tablename__ = "quotas"
    __table_args__ = (
        CheckConstraint("used >= 0 AND used <= allowed", name="quota_is_never_overrun"),
        CheckConstraint("failed >= 0 AND failed <= failures_allowed", name="failures_are_never_overrun"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), primary_key=True)
    phase: Mapped[str] = mapped_column(String(40), primary_key=True)
    allowed: Mapped[int]
    used: Mapped[int]
    failures_allowed: Mapped[int]
    failed: Mapped[int]


class QuotaEntry(Record):
    """One line of the quota ledger."""

    __tablename__ = "quota_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), index=True)
    phase: Mapped[str] = mapped_column(String(40))
    submission_id: Mapped[int | None] = mapped_column(ForeignKey(Submission.id))
    kind: Mapped[QuotaMove] = mapped_column(one_of(QuotaMove, "quota_move_is_known"))
    amount: Mapped[int]
    """What the entry adds to `used`: 1 reserved, -1 returned, 0 failed; a grant adds to `allowed`."""
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]


class FinalChoice(Record):
    """The one submission that a team names as its entry; without a choice the latest counts."""

    __tablename__ = "final_choices"

    team_id: Mapped[int] = mapped_column(ForeignKey(Team.id), primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey(Submission.id))
    chosen_by: Mapped[int] = mapped_column(ForeignKey(Account.id))
    chosen_at: Mapped[datetime]
