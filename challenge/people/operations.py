"""What changes people: sign up, sign in, sign out, grant and withdraw roles."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from challenge.foundation.audit import write_line
from challenge.foundation.database import Database
from challenge.foundation.permits import PLATFORM, Actor, Invalid, Role, WhyNot, demand
from challenge.people import names, passwords, queries, rules
from challenge.people.passwords import Guess, NewPassword
from challenge.people.records import Account, FailedAttempt, RoleGrant, Sitting

IDLE, LONGEST = timedelta(hours=8), timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)


class Taken(Invalid):
    """Raised where an address has an account already."""

    def __init__(self) -> None:
        super().__init__("There is an account with this address already. Sign in, or use another address.", "email")


def sign_up(session: Session, *, email: str, name: str, password: NewPassword, now: datetime) -> Account:
    """Open an account; raise Invalid where address, name or password will not do, Taken where there is one."""
    email, name = names.tidy_email(email), names.tidy_name(name)
    for field, sentence in (
        ("email", names.why_not_email(email)),
        ("name", names.why_not_name(name)),
        ("password", passwords.why_not_password(password.text, email=email, name=name)),
    ):
        if sentence:
            raise Invalid(sentence, field)
    if session.scalar(select(Account.id).where(Account.email == email)) is not None:
        raise Taken
    account = Account(email=email, name=name, password_hash=password.hashed, created_at=now)
    session.add(account)
    try:
        session.flush()
    except IntegrityError as error:  # somebody signed up with this address at the very same time
        raise Taken from error
    write_line(session, actor=Actor(account.id, name), verb="sign_up", subject=f"account {account.id}", now=now)
    return account


def why_not_try(session: Session, *, network: str, now: datetime, email: str = "") -> WhyNot:
    """Say why nobody may sign up or in just now, from a network or with an address; None where they may."""
    address = names.tidy_email(email)
    return rules.why_not_try(
        by_address=queries.failures(session, _key("address", address), now=now) if address else 0,
        by_network=queries.failures(session, _key("network", network), now=now),
    )


def note_failure(session: Session, *, network: str, now: datetime) -> None:
    """Count a failed attempt from a network, so that nobody tries address after address to learn which are known."""
    _note_failures(session, [_key("network", network)], now)


def guess(database: Database, *, email: str, password: str, network: str, now: datetime) -> Guess:
    """Hold a password against an account's, outside any transaction; not at all where nobody may try just now."""
    with database.reading() as session:
        if why_not_try(session, network=network, email=email, now=now):
            return Guess(None, fits=False)
        account = queries.account_by_email(session, names.tidy_email(email))
        kept = account.password_hash if account else None
    return Guess.at(password, kept)


def sign_in(session: Session, *, email: str, guessed: Guess, network: str, now: datetime) -> tuple[str | None, str]:
    """Open a sitting; return its token, or None and the sentence that says why not.

    A failure is counted, so it is returned and not raised: an exception would undo the count.
    """
    if why_not := why_not_try(session, network=network, email=email, now=now):
        return None, why_not
    email = names.tidy_email(email)
    keys = (_key("address", email), _key("network", network))
    account = queries.account_by_email(session, email)
    if account is None or not guessed.still_fits(account.password_hash):
        _note_failures(session, keys, now)
        return None, "Address and password do not fit together."
    session.execute(delete(FailedAttempt).where(FailedAttempt.key == keys[0]))
    return begin_sitting(session, account, now=now), ""


def begin_sitting(session: Session, account: Account, *, now: datetime) -> str:
    """Begin a sitting for an account and return its token, which is kept only as a hash."""
    session.execute(delete(Sitting).where(Sitting.ends_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(
        Sitting(
            token_hash=queries.token_hash(token),
            account_id=account.id,
            began_at=now,
            seen_at=now,
            ends_at=now + LONGEST,
        )
    )
    write_line(session, actor=Actor(account.id, account.name), verb="sign_in", subject=f"account {account.id}", now=now)
    return token


def sign_out(session: Session, *, actor: Actor, token: str, now: datetime) -> None:
    """End a sitting at once; its cookie is worth nothing afterwards."""
    session.execute(delete(Sitting).where(Sitting.token_hash == queries.token_hash(token)))
    write_line(session, actor=actor, verb="sign_out", subject=f"account {actor.account_id}", now=now)


def touch_sitting(session: Session, token: str, *, now: datetime) -> None:
    """Note that a sitting is still in use; no deed, so no line in the log."""
    sitting = session.get(Sitting, queries.token_hash(token))
    if sitting is not None:
        sitting.seen_at = now


def change_password(session: Session, *, actor: Actor, old: Guess, new: NewPassword, token: str, now: datetime) -> None:
    """Change the actor's password and end every other sitting; raise Invalid where one of the two will not do."""
    account = queries.account(session, actor.account_id or 0)
    if not old.still_fits(account.password_hash):
        raise Invalid("This is not your present password.", "old")
    sentence = passwords.why_not_password(new.text, email=account.email, name=account.name)
    if sentence:
        raise Invalid(sentence, "new")
    account.password_hash = new.hashed
    others = Sitting.token_hash != queries.token_hash(token)
    session.execute(delete(Sitting).where(Sitting.account_id == account.id, others))
    write_line(session, actor=actor, verb="change_password", subject=f"account {account.id}", now=now)


def set_password(session: Session, *, account_id: int, new: NewPassword, now: datetime) -> None:
    """Give somebody a password who has none or has lost it, in the platform's name, and end all their sittings.

    Raises Invalid where the password will not do.
    """
    account = queries.account(session, account_id)
    if sentence := passwords.why_not_password(new.text, email=account.email, name=account.name):
        raise Invalid(sentence, "new")
    account.password_hash = new.hashed
    session.execute(delete(Sitting).where(Sitting.account_id == account.id))
    write_line(session, actor=PLATFORM, verb="set_password", subject=f"account {account.id}", now=now)


def grant_role(session: Session, *, actor: Actor, account_id: int, role: Role, now: datetime) -> None:
    """Give an account a role; the platform itself may, for the first admin."""
    if actor is not PLATFORM:
        demand(rules.why_not_grant(actor, account_id=account_id, role=role))
    queries.account(session, account_id)
    if session.get(RoleGrant, (account_id, role)) is not None:
        return
    session.add(RoleGrant(account_id=account_id, role=role, granted_at=now, granted_by=actor.account_id))
    _note_role(session, actor, "grant_role", account_id, role, now)


def withdraw_role(session: Session, *, actor: Actor, account_id: int, role: Role, now: datetime) -> None:
    """Take a role from an account and end its sittings, so that it is without it at once."""
    demand(rules.why_not_grant(actor, account_id=account_id, role=role))
    grant = session.get(RoleGrant, (account_id, role))
    if grant is None:
        return
    session.delete(grant)
    session.execute(delete(Sitting).where(Sitting.account_id == account_id))
    _note_role(session, actor, "withdraw_role", account_id, role, now)


def _note_role(session: Session, actor: Actor, verb: str, account_id: int, role: Role, now: datetime) -> None:
    subject = f"account {account_id}"
    write_line(session, actor=actor, verb=verb, subject=subject, now=now, particulars={"role": role.value})


def _note_failures(session: Session, keys: Iterable[str], now: datetime) -> None:
    """Add failures, and forget those that count no more."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.at <= now - timedelta(minutes=rules.WINDOW_MINUTES)))
    session.add_all(FailedAttempt(key=key, at=now) for key in keys)


def _key(kind: str, text: str) -> str:
    """Return the key under which attempts are counted; a hash, so that the table holds no addresses."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:40]}"
