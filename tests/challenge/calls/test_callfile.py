"""A call file becomes a call's document, or everything that is wrong with it is said at once, line by line."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenge.calls.callfile import parse_call
from challenge.calls.document import PhaseKind, read_document
from challenge.calls.positions import name_of, read_yaml
from challenge.calls.problems import CallFileErrors
from challenge.calls.schema import CALL
from challenge.calls.wording import selection_words
from challenge.foundation.canonical import canonical
from tests.challenge.calls.staging import AUTUMN as EXAMPLE
from tests.challenge.calls.staging import EVERY_KEY
from tests.challenge.calls.staging import EXAMPLE as SHIPPED


def problems_of(text: str) -> list[str]:
    """Return the problems of a file as `line: key: sentence`."""
    with pytest.raises(CallFileErrors) as refused:
        parse_call(text)
    return [f"{problem.line}: {problem.key}: {problem.sentence}" for problem in refused.value.problems]


def line_of(text: str, part: str) -> int:
    """Return the first line that holds `part`."""
    return text[: text.index(part)].count("\n") + 1


def test_the_example_says_what_the_grand_challenge_says() -> None:
    rules = read_document(parse_call(SHIPPED).document)
    assert rules.key == "lagc-2026"
    assert rules.prize.cents == 100_000_000
    assert [(machine.machine, machine.hours) for machine in rules.hours] == [
        ("LUMI", 4_000_000),
        ("Leonardo", 4_000_000),
    ]
    assert rules.last_deadline == datetime(2026, 5, 5, 15, 0, tzinfo=UTC)
    entry, access = rules.phase(PhaseKind.SUBMISSION), rules.phase(PhaseKind.ACCESS)
    assert entry is not None
    assert entry.opens == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert (entry.submissions, entry.failures) == (5, 10)
    assert access is not None
    assert access.opens == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    assert [criterion.threshold_halves for criterion in rules.criteria] == [6, 6, 6]
    assert rules.total_threshold_halves == 20
    assert rules.selection.jury_anchor_halves == (20, 30)
    assert rules.selection.board_anchor == ("84", "90")
    assert rules.ranking.confidence == "0.95"
    assert len(rules.eligibility.countries) == 38
    assert rules.eligibility.control == rules.eligibility.countries
    assert (rules.limits.predictions, rules.limits.package) == (5_000_000, 20_000_000)


def test_comments_and_quotes_change_the_text_but_not_the_digest() -> None:
    plain, other = parse_call(EXAMPLE), parse_call("# note\r\n" + EXAMPLE.replace("winners: 4", 'winners: 4 # "up to"'))
    assert plain.digest == other.digest
    assert plain.text != other.text
    assert canonical(plain.document) == canonical(other.document)


BOUNDED = (
    EXAMPLE.replace("winners: 4", "winners: 4\n  most_finalists: 16\n  tie: interval")
    .replace("draws: 10000", "draws: 10000\n  official: yes")
    .replace("currency: EUR", "currency: EUR\n  above: 84.50")
    .replace("hours: 4,000,000", "hours: 4,000,000\n    cap: 1,500,000\n    minimum: 250,000\n    leftover: reserve", 1)
)


def test_ways_of_sharing_and_of_deciding_are_read() -> None:
    rules = read_document(parse_call(BOUNDED).document)
    lumi, leonardo = rules.hours
    assert (lumi.cap, lumi.minimum, lumi.leftover) == (1_500_000, 250_000, "reserve")
    assert (leonardo.cap, leonardo.minimum, leonardo.leftover) == (None, 0, "unassigned")
    assert (rules.selection.tie, rules.ranking.official, rules.prize.above) == ("interval", True, "84.5")
    assert rules.selection.most_finalists == 16
    said = selection_words(rules)
    assert any(
        sentence.startswith("The panel takes at most 16 of them, those with more points first") for sentence in said
    )


def keys_of(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the path of every key that a call file may hold."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}{name}"
        yield from keys_of(inner, f"{path}{name}.")
        yield from keys_of(inner.get("items", {}), f"{path}{name}.")


def optional_keys(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the path of every key that may be left out."""
    for name, inner in schema.get("properties", {}).items():
        if name not in schema["required"]:
            yield f"{path}{name}"
        yield from optional_keys(inner, f"{path}{name}.")
        yield from optional_keys(inner.get("items", {}), f"{path}{name}.")


def test_the_second_example_shows_every_key_there_is_and_says_what_holds_without_it() -> None:
    rules = read_document(parse_call(EVERY_KEY).document)
    shown = {re.sub(r"\[\d+\]", "", name_of(path)) for path in read_yaml(EVERY_KEY).lines if path}
    assert set(keys_of(CALL)) == {name for name in shown if name}
    assert (rules.selection.finalists, rules.selection.most_finalists, rules.selection.tie) == (8, 12, "interval")
    assert (rules.ranking.official, rules.prize.above, rules.prize.minimum_cents) == (True, "60", 5_000_000)
    assert (rules.hours[0].cap, rules.hours[0].minimum, rules.hours[0].leftover) == (1_500_000, 250_000, "reserve")
    assert rules.criteria[0].weight == 2
    # what a phase of submissions cannot do without, the other phases have not; the file's head explains the words
    optional = set(optional_keys(CALL)) - {"phases.submissions"}
    assert EVERY_KEY.count("may be left out") - 1 == len(optional)


def test_what_a_call_does_without_leaves_no_trace_in_its_digest() -> None:
    spelled = (
        EXAMPLE.replace("winners: 4", "winners: 4\n  tie: equal")
        .replace("draws: 10000", "draws: 10000\n  official: no")
        .replace("hours: 4,000,000", "hours: 4,000,000\n    minimum: 0\n    leftover: unassigned", 1)
    )
    assert parse_call(spelled).digest == parse_call(EXAMPLE).digest
    rules = read_document(parse_call(EXAMPLE).document)
    assert (rules.selection.tie, rules.ranking.official, rules.prize.above) == ("equal", False, None)
    # the digest of this text before any of these keys, and before anchors, were known
    plain = re.sub(r"    anchors:.*\n(      - .*\n)+", "", EXAMPLE)
    assert parse_call(plain).digest == "8d0d634ff67cd80cb04f95cfc067f3fa600e1b8aa6057569e7d5d40c1a6ae0a2"


def test_an_unquoted_timestamp_opens_at_its_instant() -> None:
    text = EXAMPLE.replace("opens: 1 September 2026, 10:00 CEST", "opens: 2026-04-13T17:00:00+02:00")
    phase = read_document(parse_call(text).document).phases[0]
    assert phase.opens == datetime(2026, 4, 13, 15, 0, tzinfo=UTC)
    assert phase.covers(datetime(2026, 4, 13, 15, 0, tzinfo=UTC))
    assert not phase.covers(datetime(2026, 4, 13, 14, 59, 59, 999_999, tzinfo=UTC))


def test_norway_is_a_country_and_not_a_no() -> None:
    text = EXAMPLE.replace('"NO"', "NO")
    assert "NO" in read_document(parse_call(text).document).eligibility.countries


@pytest.mark.parametrize(
    ("old", "new", "key", "sentence"),
    [
        ("key: lagc-2026", "key: LAGC 2026", "key", "The text 'LAGC 2026' will not do here. Write the call's short name in small letters, such as lagc-2026."),
        ("key: lagc-2026", "key: new", "key", "'new' is taken by a page of this site. Choose another short name."),
        ("title: Large AI Grand Challenge 2026", "title: 2026", "title", "The number 2026 will not do here. Write what people call the call."),
        ("title: Large AI Grand Challenge 2026", "title:", "title", "An empty value will not do here. Write what people call the call."),
        ("title: Large AI Grand Challenge 2026", "title: " + "x" * 201, "title", "A text of 201 characters (at most 200 fit) will not do here. Write what people call the call."),
        ("authority: Demonstration Authority", "", "authority", "The key 'authority' is missing. Write who runs the call."),
        ("zone: Europe/Brussels", "zone: CET", "zone", "'CET' is not the name of a time zone. Write a place such as Europe/Brussels, or UTC."),
        ("closes: 23 November 2026, 17:00 CET", "closes: 13 April 2026, 17:00 CET", "phases[1].closes", "Europe/Brussels is not on CET at that time: on 13 April 2026 it is on CEST. Write 17:00 CEST if the clocks there are meant, else an offset such as 17:00 +01:00."),
        ("closes: 23 November 2026, 17:00 CET", "closes: 1 November 2026, 17:00 CET", "phases[1].closes", "The phase closes before it opens (2 November 2026, 17:00 CET). Correct one of the two."),
        ("opens: 2 November 2026, 17:00 CET", "opens: 2 November 2026, 16:59 CET", "phases[1].opens", "The phase opens before the one listed above it closes (2 November 2026, 17:00 CET). List them one after the other."),
        ("key: jury", "key: entry", "phases[1].key", "The key 'entry' is given in line 14 already. Choose another."),
        ("zone: Europe/Brussels", "zone: [Europe/Brussels]", "zone", "A list will not do here. Write the time zone of its dates, such as Europe/Brussels."),
        ("closes: 23 November 2026, 17:00 CET", "closes: 20261123", "phases[1].closes", "The number 20261123 will not do here. Write a date with its time, such as 2 November 2026, 17:00 CET."),
        ("closes: 23 November 2026, 17:00 CET", 'closes: ""', "phases[1].closes", "An empty value will not do here. Write a date with its time, such as 2 November 2026, 17:00 CET."),
        ("kind: judging", "kind: jury", "phases[1].kind", "The text 'jury' will not do here. Write submission, judging or access."),
        ("    submissions: 5 # for each team\n", "", "phases[0].submissions", "The key 'submissions' is missing. Write how many a team has."),
        ("submissions: 5", "submissions: five", "phases[0].submissions", "The text 'five' will not do here. Write how many submissions a team has, 1 to 1000."),
        ("    kind: judging", "    kind: judging\n    failures: 3", "phases[1].failures", "Only a phase of the kind submission counts submissions. Remove this line."),
        ("threshold: 3\n", "threshold: 3.2\n", "criteria[0].threshold", "'3.2' is not a number of whole or half marks. Write one such as 3 or 3.5."),
        ("threshold: 3\n", "threshold: 5.5\n", "criteria[0].threshold", "A criterion gives 5 marks at most; nobody would reach this threshold. Lower it."),
        ("the general scale holds\n      - nothing to judge by, or beside the point\n", "so\n", "criteria[0].anchors", "There are 5 texts. Write 6: what 0, 1, 2, 3, 4 and 5 marks mean."),
        ("total_threshold: 10", "total_threshold: 15.5", "total_threshold", "The criteria give 15 marks at most; nobody would reach this threshold. Lower it."),
        ("suites:\n  - key: tabular\n    folder: suites/tabular", "suites: []", "suites", "A list of 0 will not do here. Write a list of suites, each beginning with - key:."),
        ("folder: suites/tabular", "folder: ../secrets", "suites[0].folder", "A suite's folder lies below the call file. Write a path such as suites/tabular."),
        ("confidence: 0.95", "confidence: 95", "ranking.confidence", "95 is no confidence. Write one from 0.5 to 0.999, such as 0.95."),
        ("confidence: 0.95", "confidence: 0,95", "ranking.confidence", "'0,95' is not a decimal number. Write one such as 0.5 or 100."),
        ("draws: 10000", "draws: 10", "ranking.draws", "The number 10 will not do here. Write how often scores are resampled, 1000 to 100000."),
        ("winners: 4", "winners: 0", "selection.winners", "The number 0 will not do here. Write how many winners there are at most, 1 to 100."),
        ("finalists: 12", "finalists: 3", "selection.finalists", "There are more winners (4) than finalists. Judge at least as many as may win."),
        ("finalists: 12", "finalists: 12\n  most_finalists: 11", "selection.most_finalists", "The most is below the number of finalists (12). Write at least as many."),
        ("finalists: 12", "finalists: 12\n  most_finalists: many", "selection.most_finalists", "The text 'many' will not do here. Write the most entries that the panel takes, 1 to 1000."),
        ("board_weight: 0.5", "board_weight: 1.5", "selection.board_weight", "1.5 is no share. Write a number from 0 to 1, such as 0.5."),
        ("board_anchor: [0, 100]", "board_anchor: [100, 100]", "selection.board_anchor", "The low anchor 100 is not below the high one 100. Correct one."),
        ("board_anchor: [0, 100]", "board_anchor: [100]", "selection.board_anchor", "A list of 1 will not do here. Write two numbers, the low one first."),
        ("jury_anchor: [10, 15]", "jury_anchor: [15, 10]", "selection.jury_anchor", "The low anchor is not below the high one. Correct one."),
        ("jury_anchor: [10, 15]", "jury_anchor: [10, 20]", "selection.jury_anchor", "The criteria give 15 marks at most; the high anchor lies above. Lower it."),
        ("new_country, panel_vote", "first_come, panel_vote", "selection.tie_break[3]", "The text 'first_come' will not do here. Write board_group, new_country, panel_vote, or criterion: and a criterion's key without a blank."),
        ('"criterion:impact"', '"criterion:beauty"', "selection.tie_break[2]", "'criterion:beauty' names no criterion of this call. Its criteria are excellence, impact, implementation."),
        ("new_country, panel_vote", "panel_vote, new_country", "selection.tie_break[3]", "A vote of the panel parts every tie; no step can follow it. Move it to the end."),
        ('"criterion:impact"', '"criterion:excellence"', "selection.tie_break[2]", "The step 'criterion:excellence' is given in line 71 already. Choose another."),
        ("amount: 1,000,000.00", "amount: 1.000.000,00", "prize.amount", "'1.000.000,00' is not an amount exact to the cent. Write one such as 1,000,000 or 250000.50: commas part thousands, and cents have two digits."),
        ("amount: 1,000,000.00", "amount: 1000000.005", "prize.amount", "'1000000.005' is not an amount exact to the cent. Write one such as 1,000,000 or 250000.50: commas part thousands, and cents have two digits."),
        ("amount: 1,000,000.00", 'amount: ""', "prize.amount", "'' is not an amount exact to the cent. Write one such as 1,000,000 or 250000.50: commas part thousands, and cents have two digits."),
        ("currency: EUR", "currency: EUR\n  minimum: 300,000", "prize.minimum", "4 winners with this least share need more than the prize. Lower it, or the number of winners."),
        ("currency: EUR", "currency: Euro", "prize.currency", "The text 'Euro' will not do here. Write three capital letters, such as EUR."),
        ("hours: 4,000,000", "hours: 0", "hours[0].hours", "There are no hours to share here. Write a number above 0, or remove the machine."),
        ("currency: EUR", "currency: EUR\n  above: eighty", "prize.above", "'eighty' is not a decimal number. Write one such as 0.5 or 100."),
        ("draws: 10000", "draws: 10000\n  official: perhaps", "ranking.official", "The text 'perhaps' will not do here. Write yes or no: whether winners are chosen only from a board of at least 100,000 draws."),
        ("winners: 4", "winners: 4\n  tie: near", "selection.tie", "The text 'near' will not do here. Write equal or interval."),
        ("hours: 4,000,000", "hours: 4,000,000\n    cap: -1", "hours[0].cap", "'-1' is not a whole number. Write one such as 4000000 or 4,000,000."),
        ("hours: 4,000,000", "hours: 4,000,000\n    leftover: lottery", "hours[0].leftover", "The text 'lottery' will not do here. Write unassigned or reserve."),
        ("hours: 4,000,000", "hours: 4,000,000\n    cap: 500\n    minimum: 501", "hours[0].minimum", "The least that a winner is given is more than the most that anybody is. Correct one."),
        ("hours: 4,000,000", "hours: 4,000,000\n    minimum: 1,000,001", "hours[0].minimum", "4 winners with these least hours need more than the machine has. Lower them."),
        ("hours: 4,000,000", "hours: -5", "hours[0].hours", "'-5' is not a whole number. Write one such as 4000000 or 4,000,000."),
        ("machine: Leonardo", "machine: LUMI", "hours[1].machine", "The machine 'LUMI' is given in line 78 already. Choose another."),
        ("AT, BE,", "AT, UK,", "eligibility.countries[1]", "'UK' is not the code of a country. ISO 3166-1 has GB for it."),
        ("AT, BE,", "AT, EU,", "eligibility.countries[1]", "'EU' is not the code of a country. Write codes in capitals, such as BE or NO."),
        ("AT, BE,", "AT, AT,", "eligibility.countries[1]", "The country 'AT' is given in line 87 already. Choose another."),
        ("control: same", "control: [BE, ZZ]", "eligibility.control[1]", "'ZZ' is not the code of a country. Write codes in capitals, such as BE or NO."),
        ("control: same", "control: anywhere", "eligibility.control", "The text 'anywhere' will not do here. Write same, or a list of country codes such as [BE, NO]."),
        ("sme: yes", "sme: Yes", "eligibility.sme", "The text 'Yes' will not do here. Write yes or no: whether only small and medium-sized enterprises may enter."),
        ("founded_after: null", "founded_after: 15", "eligibility.founded_after", "The number 15 will not do here. Write a year such as 2015, or null for any."),
        ("predictions: 5 MB", "predictions: 5 MiB", "limits.predictions", "'5 MiB' is not a size. Write a whole number of kB, MB or GB, such as 5 MB."),
        ("package: 20 MB", "package: 3 GB", "limits.package", "A limit lies between 10 kB and 2 GB. Choose one in between."),
        ("routes: [weights, publication]", "routes: [weights, promises]", "routes[1]", "The text 'promises' will not do here. Write weights or publication."),
        ("routes: [weights, publication]", "routes: [weights, weights]", "routes[1]", "The route 'weights' is given in line 99 already. Choose another."),
        ("obligation_months: 12", "obligation_months: 0", "obligation_months", "The number 0 will not do here. Write months from the start of access until the release is due, 1 to 120."),
        ("obligation_months: 12", "obligation_months: 12\nzone: UTC", "zone", "The key 'zone' is given twice, in lines 11 and 101. Keep one of them."),
        ("obligation_months: 12", "obligation_months: !!python/object:os.system 12", "", "The tag !!python/object:os.system is not read here. Write the plain value."),
        ("obligation_months: 12", "obligation_months: &months 12\nmore: *months", "", "Aliases (*name) are not read here. Write the value out."),
        ("obligation_months: 12", "obligation_months: 12\n---\nkey: other", "", "A second document begins here. Keep one call in a file."),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_sentence(old: str, new: str, key: str, sentence: str) -> None:
    text = EXAMPLE.replace(old, new, 1)
    assert text != EXAMPLE
    said = problems_of(text)
    assert len(said) == 1
    line, _, rest = said[0].partition(": ")
    assert rest == f"{key}: {sentence}"
    start = line_of(EXAMPLE, old)
    if "is missing" not in sentence:
        assert start <= int(line) <= start + new.count("\n")


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("title: Large", "titel: Large", ["2: title: The key 'title' is missing. Write what people call the call.", "3: titel: The key 'titel' is not known here. Did you mean 'title'?"]),
        ("kind: judging", "kind: access", ["13: phases: No phase is of the kind judging. Add one.", "28: phases[2].kind: There is a phase of the kind access already; a call has one. Remove one of the two."]),
        ("kind: submission", "kind: judging", ["13: phases: No phase is of the kind submission. Add one.", "19: phases[0].submissions: Only a phase of the kind submission counts submissions. Remove this line.", "20: phases[0].failures: Only a phase of the kind submission counts submissions. Remove this line.", "23: phases[1].kind: There is a phase of the kind judging already; a call has one. Remove one of the two."]),
    ],
)  # fmt: skip
def test_one_mistake_may_have_several_consequences(old: str, new: str, problems: list[str]) -> None:
    assert problems_of(EXAMPLE.replace(old, new, 1)) == problems


def test_all_problems_come_at_once() -> None:
    text = EXAMPLE
    for old, new in (
        ("title: Submission", "titel: Submission"),
        ("17:00 CET\n    submissions", "17:00 CEST\n    submissions"),
        ("threshold: 3\n", "threshold: three\n"),
        ("amount: 1,000,000.00", "amount: lots"),
        ("AT, BE", "AT, EL"),
        ("sme: yes", "sme: perhaps"),
    ):
        text = text.replace(old, new, 1)
    lines = [int(problem.split(":")[0]) for problem in problems_of(text)]
    assert len(lines) == 7  # the title is unknown and missing
    assert lines == sorted(lines)
    assert line_of(text, "perhaps") in lines
    assert line_of(text, "EL,") in lines


def test_files_that_are_no_calls_are_refused_gently() -> None:
    assert problems_of("") == ["1: : The file holds no keys. Begin it with key: and the call's short name."]
    assert problems_of("- 1\n- 2") == ["1: : The file holds no keys. Begin it with key: and the call's short name."]
    assert problems_of("a: [1") == [
        "1: : This is not YAML: while parsing a flow sequence expected ',' or ']', but got '<stream end>'. "
        "Look at the indentation and the colons around this line."
    ]
    assert problems_of("a: \x00") == [
        "1: : This is not YAML: unacceptable character #x0000: special characters are not allowed. Save the file as plain UTF-8."
    ]
    assert problems_of("a: " + "[" * 13 + "]" * 13) == ["1: : This is nested more than 12 levels deep. Flatten it."]
    assert problems_of("a: " + "x" * 256_000) == ["1: : The file is larger than 256 kB. Shorten its texts."]
    assert "1: : A key must be a plain word, such as title." in problems_of("? [a, b]\n: 1")


def test_an_alias_bomb_does_not_go_off() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    assert problems_of(bomb) == ["2: : Aliases (*name) are not read here. Write the value out."]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=50)
@given(st.integers(0, EXAMPLE.count("\n") - 1), st.text(max_size=30) | VALUES.map(repr))
def test_whatever_stands_in_a_line_is_read_or_refused_in_sentences(number: int, scrawl: str) -> None:
    lines = EXAMPLE.splitlines()
    lines[number] = f"{lines[number].partition(':')[0]}: {scrawl}"
    try:
        read_document(parse_call("\n".join(lines)).document)
    except CallFileErrors as refused:
        problems = refused.problems
    else:
        return
    assert problems
    assert all(problem.line >= 1 and problem.sentence.endswith((".", "?")) for problem in problems)
