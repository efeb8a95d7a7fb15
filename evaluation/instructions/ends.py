"""How a text begins and ends, and which signs it may not hold."""

_COMMAS = frozenset(",،、︐﹐﹑，､")
"""Of Latin, Arabic and East Asian writing, in all their widths."""


def end_checker(text: str, *, phrase: str) -> bool:
    """Find the phrase at the end, whatever its case; blanks around both and quotation marks at their ends aside."""
    return _unquoted(text).endswith(_unquoted(phrase))


def _unquoted(text: str) -> str:
    return text.strip().rstrip('"').casefold()


def quotation(text: str) -> bool:
    """Find the quotation mark " at both ends."""
    bare = text.strip()
    return len(bare) > 1 and bare[0] == bare[-1] == '"'


def repeat_prompt(text: str, *, prompt: str) -> bool:
    """Find the prompt at the beginning, whatever its case."""
    return text.strip().casefold().startswith(prompt.strip().casefold())


def no_comma(text: str) -> bool:
    """Find no comma of any writing."""
    return _COMMAS.isdisjoint(text)
