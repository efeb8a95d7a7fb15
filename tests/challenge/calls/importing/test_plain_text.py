"""Words of strangers become plain text whatever they hold, also where they are long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.calls.importing.bundles import LARGEST_TEXT
from challenge.calls.importing.plain_text import one_line, plain_text
from tests.challenge.calls.importing.staging_bundles import ROOMS, read


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Vision <![ 2026", "Vision <![ 2026"),
        ("<![ y", "<![ y"),
        ("a <![foo[ b ]]> c", "a <![foo[ b ]]> c"),
        ("a <![CDATA[ b ]]> c", "a <![CDATA[ b ]]> c"),
        ("a <!doctype html><?php b ?>c", "a c"),
        ("a <!-- b > c --> d", "a d"),
        ("a <!-- <b>b</b>", "a <!-- b"),
        ("5 < 6 > 4 <7", "5 < 6 > 4 <7"),
        ("a <b", "a <b"),
        ('<a title="x > y">z</a>', "z"),
        ("<p it's>don't</p>", "don't"),
        ('<a b=">" <script>x</script>', "x"),
        ("<a b='>' c", "' c"),
        ("<svg><b>a</svg>b", "b"),
        ("<style>a<b></style >b", "b"),
        ("<script>a</script", "a</script"),
        ("See <https://example.org/rules> or write to <chair@example.org>.", "See https://example.org/rules or write to chair@example.org."),
        ("<HTTP://a.b/c?d=e> <mailto:a@b.c> <ftp://x>", "HTTP://a.b/c?d=e mailto:a@b.c ftp://x"),
        ("Your file needs a <title> line.\nDeadline: 3 May, prize 5000.", "Your file needs a line. Deadline: 3 May, prize 5000."),
        ("a <title>b</title> c <title> d", "a c d"),
        ("a <title> b <title>c</title> d", "a b d"),
        ("a <svg> b <style>c</style> d", "a b d"),
        ("<style>a <b>b</b> <script>c</script> d", "a b d"),
        ("<svg><title>a</svg>b</title>", "b"),
        ("<team name>.zip </team>", "<team name>.zip </team>"),
        ("<n>, <Your-Name>/<run id>", "<n>, <Your-Name>/<run id>"),
        ("<team <b>name</b>>", "<team name>"),
        ("<b<script>a</script>c>", "<bc>"),
        ('<my-app src="x">a</my-app>', "a"),
        ("<odd onclick=alert(1)>a</odd>", "a"),
        ("<o:p>a</o:p>", "a"),
        ("see <https://a.b/c d> there", "see <https://a.b/c d> there"),
        ("&lt;b&gt; &amp;amp; &eacute;", "<b> &amp; é"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ('<a href="&#' + "9" * 5000 + ';">a</a>', "a"),
        ("a\ufffe\uffff\x7f\x9fb", "ab"),
    ],
)  # fmt: skip
def test_what_is_no_tag_is_words_and_a_tag_is_none(source: str, words: str) -> None:
    assert one_line(source) == words


def test_a_title_that_the_parser_of_a_browser_would_choke_on_is_a_title() -> None:
    files = ROOMS["Codabench v2"]["full"]
    text = files["competition.yaml"].replace("title: Tides of the North", 'title: "Vision <![ 2026"')
    draft = read({**files, "competition.yaml": text}).draft
    assert draft is not None
    assert draft.title == "Vision <![ 2026"


@given(
    st.lists(st.sampled_from(["<", ">", "/", "!", "[", "--", "?", "a", "svg", "script", " ", "=", '"', "'", "&#", "9"]))
)
def test_anything_can_be_read(parts: list[str]) -> None:
    text, acts = plain_text("".join(parts))
    assert text == text.strip()
    assert all(number > 0 for number in acts.values())


@pytest.mark.parametrize(
    ("piece", "words"),
    [
        ("<a ", "<a"), ("<a b='>' ", "' "), ('<a b=">"', '"'), ("<!--", "<!--"), ("<![ ", "<!["), ("<svg>", ""),
        ("<svg></style>", ""), ("</", "</"), ("<script>", ""), ("<!", "<!"), ("&#9", ""), ("<b>c", "c"),
        ("<x ", "<x"), ("<x>", "<x>"), ("<x y", "<xy"), ("<x <y>", "<x<y>"), ("<title>a", "a"), ("<style>a", "a"),
        ("<a@b", "<a@b"), ("<a@b>", "a@b"), ("<http://<b>", "<http://"), ("<x on", "<xon"), ("</x>", "</x>"),
        ("<svg><title></svg>", ""), ("<x =", "<x="),
    ],
)  # fmt: skip
def test_the_largest_page_is_read_whatever_is_repeated_in_it(piece: str, words: str) -> None:
    """A reader that begins anew at each mark would be at it for a quarter of an hour."""
    count = LARGEST_TEXT // len(piece)
    assert plain_text(piece * count)[0].replace(" ", "") == words.replace(" ", "") * count


def test_an_element_that_never_ends_is_told_with_the_words_that_follow() -> None:
    assert plain_text("a <title> b <script> c <script>d</script>") == (
        "a b",
        {"script": 1, "title without an end": 1},
    )
    files = ROOMS["Codabench v2"]["full"]
    reading = read({**files, "overview.md": "Your file needs a <title> line."})
    assert reading.draft is not None
    assert "Your file needs a line." in [page.text for page in reading.draft.pages]
    said = "The file overview.md holds 1 × title without an end. Of it the tag alone is dropped;"
    assert any(remark.sentence.startswith(said) for remark in reading.report.remarks)
