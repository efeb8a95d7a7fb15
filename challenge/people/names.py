"""Brings names and addresses of mail into the one form in which they are compared."""

import re
import unicodedata

from challenge.foundation.permits import WhyNot

_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_CAPITALS = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx")
_LOOKALIKES = str.maketrans("авеікмнорстухѕјԁαβεικνορτυχγıȷ0135|", "abeikmhopctyxsjdabeikvoptuxyijolesl")


def tidy_email(text: str) -> str:
    """Return an address of mail without blanks around it and in lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def why_not_email(email: str) -> WhyNot:
    """Return None if `email` has the shape of an address, else what is wrong."""
    if len(email) > 254 or not _ADDRESS.fullmatch(email):
        return "Write an address such as name@organisation.example."
    return None


def tidy_name(text: str) -> str:
    """Return a name with single blanks and composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def why_not_name(name: str) -> WhyNot:
    """Return None if a name can be shown safely, else what is wrong."""
    if not 2 <= len(name) <= 120:
        return "Write a name of 2 to 120 characters."
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn"} for letter in name):
        return "The name holds invisible characters; type it instead of pasting it."
    return None


def skeleton(name: str) -> str:
    """Return a name as the eye reads it, so that two names that look alike come out equal."""
    # Greek capitals look like other letters than the small ones of the same name: Ν like N, but ν like v
    text = unicodedata.normalize("NFKD", name).translate(_CAPITALS).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return "".join(letter for letter in text.translate(_LOOKALIKES) if letter.isalnum())
