"""Reads accounts, roles and sittings."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from challenge.foundation.permits import Actor, NotFound, Role
from challenge.people.records import Account, FailedAttempt, RoleGrant, Sitting
from challenge.people.rules import WINDOW_MINUTES


def account(session: Session, account_id: int) -> Account:
    """Return an account; raise NotFound if there is none."""
    found = session.get(Account, account_id)
    if found is None:
        raise NotFound
    return found


def account_by_email(session: Session, email: str) -> Account | None:
    """Return the open account of an address of mail, in lower case."""
    return session.scalar(select(Account).where(Account.email == email, Account.closed_at.is_(None)))


def all_accounts(session: Session) -> list[Account]:
    """Return all open accounts by name."""
    return list(session.scalars(select(Account).where(Account.closed_at.is_(None)).order_by(Account.name, Account.id)))


def roles_of(session: Session, account_id: int) -> frozenset[Role]:
    """Return the roles of an account; `team` is always among them."""
    granted = session.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account_id))
    return frozenset({Role.TEAM, *granted})


def holders(session: Session, role: Role) -> list[Account]:
    """Return the open accounts that hold a granted role, by name."""
    return list(
        session.scalars(
            select(Account)
            .join(RoleGrant, RoleGrant.account_id == Account.id)
            .where(RoleGrant.role == role, Account.closed_at.is_(None))
            .order_by(Account.name, Account.id)
        )
    )


def actor_of(session: Session, account_id: int) -> Actor:
    """Return an account as one who acts."""
    return Actor(account_id, account(session, account_id).name, roles_of(session, account_id))


def names_of(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of several accounts by id."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    return dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).all())


def token_hash(token: str) -> str:
    """Return the form in which a sitting's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def sitting_of(session: Session, token: str, *, now: datetime, idle: timedelta) -> Sitting | None:
    """Return the sitting a token belongs to, unless it has ended or lain idle, or its account is closed."""
    found = session.get(Sitting, token_hash(token))
    if found is None or now >= found.ends_at or now - found.seen_at > idle:
        return None
    return None if account(session, found.account_id).closed_at else found


def failures(session: Session, key: str, *, now: datetime) -> int:
    """Count the failed attempts of a key within the window."""
    since = now - timedelta(minutes=WINDOW_MINUTES)
    counted = select(func.count()).where(FailedAttempt.key == key, FailedAttempt.at > since)
    return session.scalar(counted) or 0
