"""Who may do what among the people."""

from challenge.foundation.permits import Actor, Role, WhyNot

ADDRESS_TRIES, NETWORK_TRIES, WINDOW_MINUTES = 10, 100, 15


def why_not_try(*, by_address: int, by_network: int) -> WhyNot:
    """Trying is closed for a while after too many failures for one address or from one network."""
    if by_address >= ADDRESS_TRIES or by_network >= NETWORK_TRIES:
        return f"Too many failed attempts. Wait {WINDOW_MINUTES} minutes and try again."
    return None


def why_not_grant(actor: Actor, *, account_id: int, role: Role) -> WhyNot:
    """Admins grant and withdraw roles; nobody withdraws their own admin's role, lest none be left."""
    if not actor.has(Role.ADMIN):
        return "Only an admin may change roles."
    if role is Role.TEAM:
        return "Everybody has the role of a team; it is neither granted nor withdrawn."
    if role is Role.ADMIN and actor.account_id == account_id:
        return "You cannot change your own role as admin; ask another admin."
    return None
