"""Finds what ties a judge to a team without anybody having said so."""

from dataclasses import dataclass

from challenge.people.names import skeleton

Link = str
"""What ties a judge to a team, as a sentence."""

OPEN_TO_ANYBODY = frozenset({
    "aol.com", "free.fr", "gmail.com", "gmx.at", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
    "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mailbox.org", "me.com", "orange.fr",
    "outlook.com", "posteo.de", "proton.me", "protonmail.com", "seznam.cz", "t-online.de", "web.de", "wp.pl",
    "yahoo.com", "yahoo.de", "yahoo.fr",
})  # fmt: skip
"""Providers of mail to everybody: an address there says nothing about where somebody works."""

SECOND_LEVELS = frozenset({"ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "mil", "ne", "net", "or", "org"})
"""Labels under which countries hand out names, as in `ac.uk`."""

LEGAL_FORMS = frozenset({
    "ab", "aps", "as", "bv", "bvba", "doo", "eood", "eurl", "gmbh", "inc", "kft", "lda", "llc", "ltd", "mbh", "nv",
    "oy", "oyj", "ou", "plc", "sa", "sarl", "sas", "se", "sia", "sl", "spa", "srl", "sro", "uab", "ug", "zoo",
})  # fmt: skip
"""Endings of company names that do not tell two organisations apart."""


@dataclass(frozen=True)
class Person:
    """Somebody by account and address of mail."""

    account_id: int
    email: str


@dataclass(frozen=True)
class Judge:
    """A judge as far as links go: the person, and where they say they belong."""

    person: Person
    affiliation: str


@dataclass(frozen=True)
class Entrant:
    """A team as far as links go: its name and its members."""

    name: str
    members: tuple[Person, ...]


def found_links(judge: Judge, entrant: Entrant, *, competes: bool = False) -> tuple[Link, ...]:
    """Say in a sentence each what ties `judge` to `entrant`; nothing where nothing was found.

    `competes` tells of a member of any team in the call. Any of them keeps the judge from the entry just as a declared
    conflict does.
    """
    found = []
    if any(member.account_id == judge.person.account_id for member in entrant.members):
        found.append("The judge is a member of the team.")
    elif competes:
        found.append("The judge is a member of another team in this call.")
    domain = registrable(judge.person.email)
    if domain and any(
        registrable(member.email) == domain
        for member in entrant.members
        if member.account_id != judge.person.account_id
    ):
        found.append(f"The judge and a member of the team have addresses at {domain}.")
    affiliation = organisation(judge.affiliation)
    if affiliation and affiliation == organisation(entrant.name):
        found.append("The judge's affiliation bears the team's name.")
    return tuple(found)


def registrable(email: str) -> str:
    """Return the part of an address's domain that an organisation registers, empty where it says nothing.

    `mail.lab.example` belongs to `lab.example`, and `cs.lab.ac.uk` to `lab.ac.uk`.
    """
    labels = email.rpartition("@")[2].strip(".").lower().split(".")
    if len(labels) < 2:
        return ""
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    domain = ".".join(labels[-3:] if deep else labels[-2:])
    return "" if domain in OPEN_TO_ANYBODY else domain


def organisation(name: str) -> str:
    """Return an organisation's name as the eye reads it, without the legal form at its end."""
    words = name.replace(".", "").replace(",", " ").split()
    while len(words) > 1 and words[-1].lower() in LEGAL_FORMS:
        words.pop()
    return skeleton(" ".join(words))
