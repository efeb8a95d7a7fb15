"""Who reads pseudonyms in place of names, and when a board may be veiled or its veil lifted."""

from challenge.foundation.permits import Actor, Role, WhyNot
from challenge.standings.rules import BoardStand, is_insider
from challenge.standings.states import Veil, Visibility

_LOT = "They are drawn by lot and say nothing about who handed in, nor about who came first."
IN_WORDS = {
    Veil.NOBODY: "",
    Veil.PUBLIC: "Entries are shown to the public under pseudonyms, which the organiser lifts later. "
    f"{_LOT} Judges who do not compete read the names.",
    Veil.JUDGES: f"Entries are shown under pseudonyms, to the judges too; the organiser lifts them later. {_LOT}",
}


def reads_pseudonyms(actor: Actor, stand: BoardStand) -> bool:
    """Tell whether a reader gets pseudonyms."""
    if stand.veil is Veil.NOBODY or is_insider(actor):
        return False
    return stand.veil is Veil.JUDGES or not actor.has(Role.JUDGE)


def why_not_items_by_name(*, veiled: bool) -> WhyNot:
    """Files that the instrument reads name every entry, so that they wait for the names."""
    if not veiled:
        return None
    return "Scores item by item, and their digests, would tell who is who. They follow once the entries are named."


def why_not_veil(actor: Actor, stand: BoardStand, veil: Veil) -> WhyNot:
    """Admins veil a board, but not one whose names are published for good."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may show a board under pseudonyms."
    if stand.veil is veil:
        return "This board is shown so already."
    if stand.frozen and stand.visibility is Visibility.PUBLISHED and stand.veil is Veil.NOBODY:
        return "A frozen board that was published with its names keeps them: its address is permanent."
    return None


def why_not_lift(actor: Actor, stand: BoardStand) -> WhyNot:
    """Admins lift a veil at any time."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may name the entries of a board."
    return "The entries of this board are named already." if stand.veil is Veil.NOBODY else None
