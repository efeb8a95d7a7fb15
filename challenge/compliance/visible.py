"""Makes signs that cannot be seen visible: what a package brings may be written to deceive."""

import unicodedata

_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
LONGEST = 300


def visible(text: str, *, most: int = 0) -> str:
    """Write control signs, signs without a width and halves of a sign as ⟨U+202E⟩; cut at `most` signs, 0 for never."""
    if most and len(text) > most:
        text = text[:most] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign in "\t\n\r":
        return " "
    return f"⟨U+{ord(sign):04X}⟩" if unicodedata.category(sign) in _UNSEEN else sign
