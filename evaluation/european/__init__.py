"""The European suite: the same questions about the Union in its 24 official languages, with answers and sources."""

from evaluation.european.languages import LANGUAGES, Family, Language
from evaluation.european.making import european_files, write_european
from evaluation.european.questions import European, Question, read_european

__all__ = [
    "LANGUAGES",
    "European",
    "Family",
    "Language",
    "Question",
    "european_files",
    "read_european",
    "write_european",
]
