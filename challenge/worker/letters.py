"""Sends letters by mail where a mail server is set; else they stay on the site, where they are read."""

import logging
import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from challenge.foundation.outbox import Letter, is_any_due, postpone_due, take_due
from challenge.people.records import Account
from challenge.web.house import House

SECONDS = 20
log = logging.getLogger(__name__)


def send_letters(house: House, *, limit: int = 20) -> int:
    """Send what waits in the outbox and return how many letters were dealt with.

    A letter that the server refuses is tried again, ten times at most; while the server is away no attempt is
    counted. A letter that the server took but that was not noted as sent may arrive twice, never not at all.
    """
    with house.database.reading() as session:
        if not is_any_due(session, now=house.clock.now()):
            return 0
    with house.database.transaction() as session:
        taken = take_due(session, now=house.clock.now(), limit=limit)
        found = {letter.account_id: session.get(Account, letter.account_id) for letter in taken}
        addresses = {number: account.email for number, account in found.items() if account and not account.closed_at}
    tried = _post(house, taken, addresses) if house.settings.smtp else {letter.id: "" for letter in taken}
    _settle(house, taken, tried)
    return sum(not error for error in tried.values())


def _settle(house: House, taken: list[Letter], tried: dict[int, str]) -> None:
    """Note what became of the letters that were taken up; those that nobody took wait, with all the others."""
    now = house.clock.now()
    with house.database.transaction() as session:
        for letter in taken:
            kept = session.get_one(Letter, letter.id)
            if letter.id not in tried:
                kept.attempts -= 1
            elif tried[letter.id]:
                kept.last_error = tried[letter.id][:300]
            else:
                kept.sent_at = now
        if len(tried) < len(taken):
            postpone_due(session, now=now)


def _post(house: House, letters: list[Letter], addresses: dict[int, str]) -> dict[int, str]:
    """Hand the letters to the mail server; return what went wrong, by letter, an empty text where nothing did.

    Letters that the server could not be asked about, because it was away or hung up, are not among them; letters to
    accounts that are closed are, and go nowhere.
    """
    host, _, port = house.settings.smtp.partition(":")
    tried = {letter.id: "" for letter in letters if letter.account_id not in addresses}
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=SECONDS) as server:
            for letter in letters:
                if letter.id not in tried:
                    tried[letter.id] = _send(server, house.settings.mail_from, addresses[letter.account_id], letter)
                if server.sock is None:  # it hung up, which says nothing about the letters behind this one
                    break
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.warning("the mail server %s cannot be reached: %s", house.settings.smtp, error)
    return tried


def _send(server: smtplib.SMTP, sender: str, address: str, letter: Letter) -> str:
    """Hand one letter over and return what went wrong, the empty text where nothing did."""
    try:
        server.send_message(_message(sender, address, letter))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return ""


def _message(sender: str, address: str, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, address
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.written_at)
    # the same whenever the letter is sent again, so that a mailbox can tell a double
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message["Message-ID"] = f"<letter-{letter.id}-{letter.written_at:%Y%m%d%H%M%S}@{domain or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message
