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
