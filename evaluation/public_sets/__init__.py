"""Definitions of public sets, and suites made from an organiser's own copies of them; no data are brought along."""

from collections.abc import Callable, Mapping, Sequence

from evaluation.public_sets import answering, choosing, instructing
from evaluation.public_sets.checking import Fault, check
from evaluation.public_sets.definitions import PublicSet, SetFile, public_set, public_sets
from evaluation.public_sets.making import Item, Made, write_suite
from evaluation.public_sets.raw import Raw

NTREX_LANGUAGES = ("deu", "fin", "fra", "hun", "ita", "pol", "spa", "swe")
MAKERS: Mapping[str, Callable[[Raw], Sequence[Made]]] = {
    "sib200": lambda raw: [choosing.sib200(raw)],
    "xcopa": lambda raw: [choosing.xcopa(raw)],
    "exams": choosing.exams,
    "hucola": lambda raw: [choosing.hucola(raw)],
    "bbh": choosing.bbh,
    "gsm8k": lambda raw: [answering.gsm8k(raw)],
    "mgsm": lambda raw: [answering.mgsm(raw)],
    "xquad": lambda raw: [answering.xquad(raw, "token_f1")],
    "ntrex": lambda raw: [answering.ntrex(raw, language, "bits_per_byte") for language in NTREX_LANGUAGES],
    "rosts": lambda raw: [answering.rosts(raw, "spearman")],
    "humaneval": lambda raw: [answering.humaneval(raw)],
    "ifeval": lambda raw: [instructing.ifeval(raw)],
}
"""How the suite of each set is made; the tasks of one suite are put to one model."""

__all__ = [
    "MAKERS",
    "NTREX_LANGUAGES",
    "Fault",
    "Item",
    "Made",
    "PublicSet",
    "Raw",
    "SetFile",
    "check",
    "public_set",
    "public_sets",
    "write_suite",
]
