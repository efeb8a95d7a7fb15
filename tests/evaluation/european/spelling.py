"""Words that the dictionaries of this machine do not know: hunspell's, and Voikko for Finnish, which hunspell lacks.

    apt-get install hunspell hunspell-{bg,cs,da,de-de,el,en-gb,es,fr,hr,hu,it,lt,lv,nl,pl,pt-pt,ro,sk,sl,sv} \
        myspell-et myspell-ga python3-libvoikko voikko-fi

For Maltese no dictionary is to be had. `python -m tests.evaluation.european.spelling` writes what remains into
unknown_words.yaml beside the items, where somebody has looked at each word: nearly all are names, terms and endings.
"""

import shutil
import subprocess
from pathlib import Path

import yaml

from evaluation.european.questions import FOLDER, Question, read_european

DICTIONARIES = {
    "bg": "bg_BG", "cs": "cs_CZ", "da": "da_DK", "de": "de_DE", "el": "el_GR", "en": "en_GB", "es": "es_ES",
    "et": "et_EE", "fr": "fr", "ga": "ga_IE", "hr": "hr_HR", "hu": "hu_HU", "it": "it_IT", "lt": "lt_LT",
    "lv": "lv_LV", "nl": "nl_NL", "pl": "pl_PL", "pt": "pt_PT", "ro": "ro_RO", "sk": "sk_SK", "sl": "sl_SI",
    "sv": "sv_SE",
}  # fmt: skip
REMAINING = FOLDER / "unknown_words.yaml"
_SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, which sees Debian's libvoikko
_VOIKKO = """
import re, sys, libvoikko
voikko = libvoikko.Voikko("fi")
words = set(re.findall(r"[^\\W\\d_]+(?:[-'’][^\\W\\d_]+)*", sys.stdin.read()))
print("\\n".join(sorted(word for word in words if not voikko.spell(word))))
"""


def why_not(language: str) -> str:
    """Say why the spelling of a language cannot be checked on this machine; the empty text where it can."""
    if language == "mt":
        return "no dictionary of Maltese is to be had"
    if language == "fi":
        found = Path(_SYSTEM_PYTHON).exists() and _run([_SYSTEM_PYTHON, "-c", "import libvoikko"], "").returncode == 0
        return "" if found else "Voikko is missing; on Debian: apt-get install python3-libvoikko voikko-fi"
    if shutil.which("hunspell") is None:
        return "hunspell is missing; on Debian: apt-get install hunspell and the dictionaries"
    known = _run(["hunspell", "-d", DICTIONARIES[language], "-l"], "").returncode == 0
    return "" if known else f"hunspell has no dictionary {DICTIONARIES[language]}"


def unknown(language: str, asked: dict[str, Question]) -> list[str]:
    """List the words of a language's items that its dictionary does not know."""
    text = "\n".join(text for one in asked.values() for text in (one.question, *one.options))
    if language == "fi":
        done = _run([_SYSTEM_PYTHON, "-c", _VOIKKO], text)
    else:
        done = _run(["hunspell", "-i", "utf-8", "-d", DICTIONARIES[language], "-l"], text)
    done.check_returncode()
    return sorted(set(done.stdout.split()))


def _run(command: list[str], text: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    european = read_european()
    words = {
        language: unknown(language, dict(asked))
        for language, asked in european.questions.items()
        if not why_not(language)
    }
    REMAINING.write_text(
        yaml.safe_dump(words, allow_unicode=True, default_flow_style=None, width=120), encoding="utf-8"
    )
