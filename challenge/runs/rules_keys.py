"""Who may delete the key of an endpoint, and what can be done no longer once it is gone."""

from challenge.foundation.permits import Actor, WhyNot

KEY_GONE = (
    "The key of this endpoint was deleted, so it cannot be asked again. What it answered, and its results, are kept."
)
NOT_CAPTAIN = "Only the team's captain may delete the key."
UNDER_WAY = "A run of it waits or is at work, and needs the key. Wait until it has ended, or cancel it first."
NOT_YET = "It has not been evaluated yet. Its runs are opened within seconds; wait for them, or cancel them first."


def why_not_delete_key(actor: Actor, *, is_captain: bool, has_key: bool, runs: int, ended: int) -> WhyNot:
    """A captain deletes the key of a submission whose runs, of which there are some, have all ended."""
    if not actor.signed_in or not is_captain:
        return NOT_CAPTAIN
    if not has_key:
        return "There is no key any more; it was deleted."
    if not runs:
        return NOT_YET
    return None if ended == runs else UNDER_WAY
