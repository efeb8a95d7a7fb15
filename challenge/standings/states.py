"""What a board covers and who may see it."""

from enum import StrEnum


class Part(StrEnum):
    """Which items of a suite a board counts."""

    PUBLIC = "public"
    PRIVATE = "private"


class Visibility(StrEnum):
    """Who may see a board."""

    HIDDEN = "hidden"
    PUBLISHED = "published"


class Veil(StrEnum):
    """From whom a board hides who is behind an entry."""

    NOBODY = "nobody"
    PUBLIC = "public"
    """From the public and all who compete; judges who do not read names."""
    JUDGES = "judges"
    """From the judges too; only admins and auditors read names."""
