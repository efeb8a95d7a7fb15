"""Boards and their standings, one standing a version."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from challenge.calls.records import Call, CallSuite
from challenge.foundation.database import Record, one_of
from challenge.standings.states import Part, Veil, Visibility


class Board(Record):
    """The board of one part of one suite; its version counts every rebuilding."""

    __tablename__ = "boards"
    __table_args__ = (
        UniqueConstraint("suite_id", "part"),
        CheckConstraint(
            "(published_at IS NOT NULL) = (visibility = 'published')", name="published_at_only_if_published"
        ),
        CheckConstraint("veil = 'nobody' OR veil_key <> ''", name="a_veiled_board_has_its_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey(Call.id), index=True)
    suite_id: Mapped[int] = mapped_column(ForeignKey(CallSuite.id))
    part: Mapped[Part] = mapped_column(one_of(Part, "part_is_known"))
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility, "visibility_is_known"))
    version: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    """Digest of what the current standing was built from; a difference means the board is due."""
    frozen_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    veil: Mapped[Veil] = mapped_column(one_of(Veil, "veil_is_known"), default=Veil.NOBODY, server_default="nobody")
    veil_key: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """What pseudonyms are drawn with: how many digits, and a secret; kept when the veil is lifted, empty before."""


class Standing(Record):
    """A board at one moment: the ranking, and the digests of all it was computed from."""

    __tablename__ = "standings"
    __table_args__ = (UniqueConstraint("board_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey(Board.id))
    version: Mapped[int]
    made_at: Mapped[datetime]
    ranking: Mapped[str] = mapped_column(Text)
    """Canonical JSON of the ranking as `ranking.compact` writes it; entrants are submission references."""
    names: Mapped[str] = mapped_column(Text, default="{}")
    """Canonical JSON of the team's name at that moment by submission reference."""
    ranking_digest: Mapped[str] = mapped_column(String(64))
    policy: Mapped[str] = mapped_column(Text)
    """Canonical JSON of the ranking policy."""
    scores_sha256: Mapped[str] = mapped_column(String(64))
    """The item scores of all ranked entries, Parquet, in the store."""
    asides: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    """Canonical JSON by submission reference: its run, what became of a newer one, and what running it took."""
    bundle_sha256: Mapped[str | None] = mapped_column(String(64))
    """The bundle of this standing in the store; None until somebody has asked for it."""
