"""Turns what others wrote for their pages, HTML or Markdown, into plain text in which nothing acts."""

import re
from collections import Counter
from html import unescape

_UNSEEN = frozenset({"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "title"})
_VOID = frozenset({"embed"})
_ACTS = frozenset({"script", "iframe", "object", "embed", "form", "svg", "math", "link", "meta", "base"})
_BREAKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td",
    "th", "tr", "ul",
))  # fmt: skip
_KNOWN = _UNSEEN | _ACTS | _BREAKS | frozenset((
    "a", "abbr", "acronym", "applet", "area", "audio", "b", "basefont", "bdi", "bdo", "bgsound", "big", "blink", "body",
    "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "del", "details",
    "dfn", "dialog", "dir", "em", "figcaption", "font", "frame", "frameset", "head", "hgroup", "html", "i", "image",
    "img", "input", "ins", "kbd", "label", "legend", "map", "mark", "marquee", "menu", "meter", "nobr", "noembed",
    "noframes", "optgroup", "option", "output", "param", "picture", "plaintext", "portal", "progress", "q", "rb", "rp",
    "rt", "rtc", "ruby", "s", "samp", "search", "select", "slot", "small", "source", "span", "strike", "strong", "sub",
    "summary", "sup", "tbody", "textarea", "tfoot", "thead", "time", "track", "tt", "u", "var", "video", "wbr", "xmp",
))  # fmt: skip
"""The elements of HTML, old ones too; another name in angle brackets is words, such as <team name>."""
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[ \t\xa0]+")
_RAW = {tag: re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE) for tag in ("script", "style")}
"""Elements whose content holds no tags, and where each ends."""
_NAME = re.compile(r"</?([a-zA-Z][^\s/<>]*+)")
_ADDRESS = re.compile(r"<((?:[a-z][a-z0-9+.-]*+://|mailto:|tel:)[^\s<>]++|[^\s<>@:/]++@[^\s<>@]++)>", re.IGNORECASE)
"""How Markdown writes an address that is a link; it stays as words, without what makes it one."""
_ATTRIBUTED = re.compile(r"""[^<>]*?(?:=\s*+["']|\son[a-z]++\s*+=)""", re.IGNORECASE)
"""What makes a tag of an unknown name a tag nevertheless: a value in quotes, or something done on an event."""
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+""")
_END = re.compile(r"[\s/]*+>")
ENDLESS = " without an end"
"""What follows the name of an element that never ends, where things are counted."""
_LONG_NUMBER = re.compile(r"&#[0-9]{8,}+;?")
"""A character reference beyond all characters; Python makes no whole number of very many digits."""

_Attributes = list[tuple[str, str]]


class _Reader:
    """Collects the words of a page and counts what would have acted; takes time in proportion to the page.

    What begins like a tag and never ends is words, and so is `<![` with what follows it. Of an element whose content is
    not seen and that never ends, the tag alone is dropped.
    """

    def __init__(self, source: str) -> None:
        self.words: list[str] = []
        self.acts: Counter[str] = Counter()
        self._source = source
        self._unseen: list[tuple[str, int]] = []
        """The open elements whose content is not seen, and how many pieces of words there were before each."""
        self._open: Counter[str] = Counter()
        self._quotes = True
        """Whether a `>` in quotes ends no tag; false once a tag was found that would then run over all the rest."""
        self._endless: set[str] = set()
        """The elements without tags in them of which no end is in all the rest."""
        self._strange: set[str] = set()
        """The unknown names that were those of tags."""

    def read(self) -> None:
        """Read the page; where something looked for is missing from all the rest, it is not looked for again."""
        source, at = self._source, 0
        last, last_comment = source.rfind(">"), source.rfind("-->")
        while 0 <= (begin := source.find("<", at)) < last:
            self._data(source[at:begin])
            named = _NAME.match(source, begin)
            if source.startswith("<!--", begin):
                at = source.index("-->", begin + 4) + 3 if begin + 4 <= last_comment else begin + 4
                if begin + 4 > last_comment:
                    self._data("<!--")
            elif source.startswith(("<!", "<?"), begin) and not source.startswith("<![", begin):
                at = source.index(">", begin) + 1
            elif link := _ADDRESS.match(source, begin):
                at = link.end()
                self._data(link[1])
            elif named is None or self._is_words(named):
                at = begin + 1
                self._data("<")
            elif source[begin + 1] == "/":
                at = source.index(">", begin) + 1
                self._end(named[1].lower())
            else:
                at = self._tag(named[1].lower(), named.end())
        self._data(source[at:])
        self.acts.update(f"{tag}{ENDLESS}" for tag, _ in self._unseen)

    def _is_words(self, named: re.Match[str]) -> bool:
        """Tell what only looks like a tag, such as `<team name>`."""
        name, after = named[1].lower(), named.end()
        if self._source.startswith("<", after):
            return True
        if name in _KNOWN or name in self._strange or name.partition(":")[2]:
            return False
        if named[0].startswith("</") or not _ATTRIBUTED.match(self._source, after):
            return True
        self._strange.add(name)
        return False

    def _tag(self, tag: str, begin: int) -> int:
        """Read a tag from its attributes on, with what holds no further tags, and return where that ends."""
        end = None
        if self._quotes:
            attributes, at = _attributes(self._source, begin, len(self._source))
            end = _END.match(self._source, at)
            self._quotes = end is not None
        if end is None:
            attributes, at = _attributes(self._source, begin, self._source.index(">", begin) + 1)
            end = _END.match(self._source, at)
        self._start(tag, attributes)
        after = end.end() if end else at
        if end and end[0].endswith("/>"):
            self._end(tag)
        elif tag in _RAW and tag not in self._endless:
            if closing := _RAW[tag].search(self._source, after):
                self._data(self._source[after : closing.start()])
                return closing.start()
            self._endless.add(tag)
        return after

    def _start(self, tag: str, attributes: _Attributes) -> None:
        if tag in _ACTS:
            self.acts[tag] += 1
        for name, value in attributes:
            target = re.sub(r"[\s\x00-\x20]", "", _characters(value)).lower()
            if name.startswith("on"):
                self.acts["event attribute"] += 1
            elif target.startswith(("javascript:", "data:", "vbscript:")):
                self.acts["address that runs"] += 1
        if tag in _UNSEEN and tag not in _VOID:
            self._unseen.append((tag, len(self.words)))
            self._open[tag] += 1
        if tag in _BREAKS:
            self.words.append("\n")

    def _end(self, tag: str) -> None:
        while self._open[tag]:
            last, before = self._unseen.pop()
            self._open[last] -= 1
            del self.words[before:]
            if last == tag:
                break
        if tag in _BREAKS:
            self.words.append("\n")

    def _data(self, data: str) -> None:
        self.words.append(data)


def _attributes(source: str, at: int, until: int) -> tuple[_Attributes, int]:
    """Read the attributes of a tag, and return them with where they end."""
    attributes = []
    while found := _ATTRIBUTE.match(source, at, until):
        attributes.append((found[1].lower(), found[2] or found[3] or found[4] or ""))
        at = found.end()
    return attributes, at


def _characters(text: str) -> str:
    """Put characters in the place of their references."""
    return unescape(_LONG_NUMBER.sub("\ufffd", text))


def plain_text(source: str) -> tuple[str, dict[str, int]]:
    """Return the words of a page without any tag, and how many things of each kind would have acted on a reader.

    Elements that never end and whose content would not be seen are counted too, as `title without an end`. Marks of
    Markdown stay as they are. The text is for showing escaped: it may speak of tags, it holds none of its own.
    """
    reader = _Reader(source)
    reader.read()
    words = _characters("".join(reader.words))
    lines = [_BLANKS.sub(" ", line).strip() for line in _UNSAFE.sub("", words).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text, dict(sorted(reader.acts.items()))


def shown(words: str) -> str:
    """Return words on one line, without the characters that have no shape or turn the others round."""
    return " ".join(_UNSAFE.sub("", words.replace("\n", " ")).split())


def one_line(source: str) -> str:
    """Return the words of a title on one line."""
    return " ".join(plain_text(source)[0].split())
