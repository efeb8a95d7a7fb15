"""The 24 official languages of the Union (Regulation No 1 of 1958, Article 1), by BCP 47, with their families."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Branches of language families, as far as the official languages reach."""

    BALTIC = "Baltic"
    CELTIC = "Celtic"
    GERMANIC = "Germanic"
    GREEK = "Greek"
    ROMANCE = "Romance"
    SEMITIC = "Semitic"
    SLAVIC = "Slavic"
    URALIC = "Uralic"


@dataclass(frozen=True)
class Language:
    """A language: its name in English and in itself, its family, and the word before an answer in it."""

    name: str
    own_name: str
    family: Family
    answer: str


LANGUAGES = {
    "bg": Language("Bulgarian", "български", Family.SLAVIC, "Отговор"),
    "cs": Language("Czech", "čeština", Family.SLAVIC, "Odpověď"),
    "da": Language("Danish", "dansk", Family.GERMANIC, "Svar"),
    "de": Language("German", "Deutsch", Family.GERMANIC, "Antwort"),
    "el": Language("Greek", "ελληνικά", Family.GREEK, "Απάντηση"),
    "en": Language("English", "English", Family.GERMANIC, "Answer"),
    "es": Language("Spanish", "español", Family.ROMANCE, "Respuesta"),
    "et": Language("Estonian", "eesti", Family.URALIC, "Vastus"),
    "fi": Language("Finnish", "suomi", Family.URALIC, "Vastaus"),
    "fr": Language("French", "français", Family.ROMANCE, "Réponse"),
    "ga": Language("Irish", "Gaeilge", Family.CELTIC, "Freagra"),
    "hr": Language("Croatian", "hrvatski", Family.SLAVIC, "Odgovor"),
    "hu": Language("Hungarian", "magyar", Family.URALIC, "Válasz"),
    "it": Language("Italian", "italiano", Family.ROMANCE, "Risposta"),
    "lt": Language("Lithuanian", "lietuvių", Family.BALTIC, "Atsakymas"),
    "lv": Language("Latvian", "latviešu", Family.BALTIC, "Atbilde"),
    "mt": Language("Maltese", "Malti", Family.SEMITIC, "Tweġiba"),
    "nl": Language("Dutch", "Nederlands", Family.GERMANIC, "Antwoord"),
    "pl": Language("Polish", "polski", Family.SLAVIC, "Odpowiedź"),
    "pt": Language("Portuguese", "português", Family.ROMANCE, "Resposta"),
    "ro": Language("Romanian", "română", Family.ROMANCE, "Răspuns"),
    "sk": Language("Slovak", "slovenčina", Family.SLAVIC, "Odpoveď"),
    "sl": Language("Slovenian", "slovenščina", Family.SLAVIC, "Odgovor"),
    "sv": Language("Swedish", "svenska", Family.GERMANIC, "Svar"),
}
