"""Who may have a call written as an archive."""

from challenge.foundation.permits import PLATFORM, Actor, Role, WhyNot
from challenge.teams.stakes import why_not_outside


def why_not_read_log(*, competes: bool) -> WhyNot:
    """The logs of earlier sites tell of rivals; who competes leaves them to others."""
    return why_not_outside("its earlier logs are for others to read", competes=competes)


def why_not_read(actor: Actor, *, competes: bool, sits: bool) -> WhyNot:
    """Admins see which archives there are, unless they compete or judge.

    An archive holds what rivals handed in, and what other judges wrote of entries.
    """
    if not actor.has(Role.ADMIN) and actor != PLATFORM:
        return "Only an admin may see the archives of a call."
    if sits:
        return "You sit on the panel of this call; its archives are for other admins."
    return why_not_outside("its archives are for other admins", competes=competes)


def why_not_ask(actor: Actor, *, competes: bool, sits: bool, under_way: bool) -> WhyNot:
    """An admin asks for an archive, one of a call at a time."""
    if why_not := why_not_read(actor, competes=competes, sits=sits):
        return why_not
    return "An archive of this call is being written; ask again once it is done." if under_way else None


def why_not_fetch(*, sha256: str, is_there: bool) -> WhyNot:
    """Tell why an archive has no file to download."""
    if not sha256:
        return "The file of this archive is not kept any more; ask for another."
    return None if is_there else "The store has lost the file of this archive; ask for another."
