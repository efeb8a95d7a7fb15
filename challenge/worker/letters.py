"""Sends letters by mail where a mail server is set; else they stay on the site, where they are read."""

import logging
import smtplib
from email.message import EmailMessage

from challenge.foundation.outbox import Letter, unsent
from challenge.people.records import Account
from challenge.web.house import House

SECONDS = 20
log = logging.getLogger(__name__)


def send_letters(house: House, *, limit: int = 20) -> int:
    """Send what waits in the outbox and return how many letters were dealt with.

    A letter that the server refuses is tried again, ten times at most. One that was taken by the server but not
    yet noted as sent may arrive twice, never not at all.
    """
    with house.database.reading() as session:
        waiting = unsent(session, limit=limit)
        addressees = {letter.account_id: session.get(Account, letter.account_id) for letter in waiting}
        addresses = {
            number: account.email for number, account in addressees.items() if account and account.closed_at is None
        }
    if not waiting:
        return 0
    failures = _post(house, waiting, addresses) if house.settings.smtp else {}
    with house.database.transaction() as session:
        for letter in waiting:
            kept = session.get_one(Letter, letter.id)
            if letter.id in failures:
                kept.attempts += 1
                kept.last_error = failures[letter.id][:300]
            else:
                kept.sent_at = house.clock.now()
    return len(waiting) - len(failures)


def _post(house: House, letters: list[Letter], addresses: dict[int, str]) -> dict[int, str]:
    """Hand the letters to the mail server; return what went wrong, by letter."""
    host, _, port = house.settings.smtp.partition(":")
    try:
        with smtplib.SMTP(host, int(port or 25), timeout=SECONDS) as server:
            return {
                letter.id: error
                for letter in letters
                if letter.account_id in addresses
                and (error := _send(server, house.settings.mail_from, addresses[letter.account_id], letter))
            }
    except (OSError, ValueError, smtplib.SMTPException) as error:
        log.warning("the mail server %s cannot be reached: %s", house.settings.smtp, error)
        return {letter.id: str(error) for letter in letters}


def _send(server: smtplib.SMTP, sender: str, address: str, letter: Letter) -> str:
    message = EmailMessage()
    message["From"], message["To"] = sender, address
    message["Subject"] = " ".join(letter.subject.split())
    message.set_content(letter.body)
    try:
        server.send_message(message)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return str(error) or type(error).__name__
    return ""
