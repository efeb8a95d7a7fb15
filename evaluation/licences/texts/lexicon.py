"""The words by which a sentence allows, forbids or limits; a name and an address hold none of them."""

import re
from collections.abc import Iterable

WORD = re.compile(r"[^\W_]+")

LIMITS = re.compile(
    r"(?i)\b(non[- ]?commercial|research|academic|educational|evaluation)( and \w+)?( use| purposes?)? only\b"
    r"|\bonly for (non[- ]?commercial|research|academic|educational)"
    r"|\bcommercial (use|usage|purposes?)\b.{0,40}\b(not (permitted|allowed)|prohibited|forbidden|requires?)"
    r"|\b(not|never) (be used )?for (any )?commercial\b"
)
"""A use that a sentence shuts out, said in so many words."""

_RESTRAINING = """
academia academic academics additional agree agreed agreement agrees allowed allows amend amended apply
applies attribution ban banned bound cannot charge charity commercial commercially companies company competitor
competitors compete condition conditioned conditions consent contrary covered deploy deployed disallowed domiciled
educational eligible embargoed enterprise employees entities entity evaluation except excepted excepting exception
excluded excludes excluding exclusively expire expires extend fee fees forbid forbidden forbids governments grant
granted grants herein hereby however illegal individuals infringe internal jurisdiction law lawful license licensed
licensee licensees licensor limit limitation limited limits may military moreover must never no nobody non none
noncommercial nonprofit nor not notwithstanding obtain only organization organizations organisations otherwise paid
payment permission permissions permit permits permitted personal pay prior private production profit prohibit
prohibited prohibits prohibition provided purchase purpose purposes redistribute redistributed refused require
required requires research residents restrict restricted restricting restriction restrictions restricts revenue
revoke revoked royalties royalty sanctioned schools sell separate shall should sold sole solely subject subscription
supersede supersedes temporary term terminate terminated terminates terms unauthorized universities unlawful
unless unlike users valid void waive waived warrant weapons withdraw withdrawn without writing written
aucun aucune autorisation commerciale interdit interdite seulement uniquement usage
ausschliesslich ausschließlich gewerbliche kein keine kommerzielle nicht nur untersagt verboten zwecke
comercial comerciales prohibido solo solamente commerciali esclusivamente vietato
"""
_WORDS = frozenset(_RESTRAINING.split())
# These stand in the names and addresses of honest holders, too.
_OF_NAMES = """
academia academic academics additional charity commercial companies company educational employees enterprise entity
entities exception governments internal jurisdiction law limited military organization
organizations organisations personal pay production private prior research residents schools universities users
"""
_FORBIDDING = (_WORDS - frozenset(_OF_NAMES.split())) | {"use", "uses", "used", "using", "usage"}


def restrains(words: Iterable[str]) -> list[str]:
    """List the words of a sentence that could allow, forbid or limit something."""
    return [word for word in words if word in _WORDS]


def forbids(words: Iterable[str]) -> list[str]:
    """List the words that no holder's name or address has: those that allow, forbid or limit in themselves."""
    return [word for word in words if word in _FORBIDDING]
