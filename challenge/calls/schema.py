"""The shape of a call file, as a closed JSON Schema (Draft 2020-12).

Two keywords are our own: `write` says what belongs there, and `reads` names how its text is read (shape.py).
"""

from typing import Any

Schema = dict[str, Any]

NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]*$"
TIE_BREAK = r"^(board_group|new_country|panel_vote|criterion:[a-z][a-z0-9]*(-[a-z0-9]+)*)$"


def _line(write: str, longest: int = 200) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": ONE_LINE, "write": write}


def _text(write: str, longest: int) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": longest, "write": write}


def _key(write: str) -> Schema:
    return {"type": "string", "pattern": NAME, "maxLength": 40, "write": write}


def _whole(least: int, most: int, write: str) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "write": write}


def _amount(reads: str, write: str) -> Schema:
    return {"type": ["string", "integer"], "reads": reads, "write": write}


def _date(write: str) -> Schema:
    return {**_line(write, 60), "reads": "instant"}


def _choice(*values: str) -> Schema:
    return {"enum": list(values), "write": " or ".join([", ".join(values[:-1]), values[-1]])}


def _flag(write: str) -> Schema:
    return {"type": "boolean", "write": f"yes or no: {write}"}


def _object(write: str, properties: dict[str, Schema], optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
        "write": write,
    }


def _list(write: str, items: Schema, *, most: int) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "write": write}


_COUNTRY = {"type": "string", "reads": "country", "write": "an ISO 3166-1 code in capitals, such as NO"}
_ANCHORS = "two numbers, the low one first"

PHASE = _object(
    "a phase with its key, title, kind and dates",
    {
        "key": _key("a short name in small letters, such as entry"),
        "title": _line("what people call the phase"),
        "kind": _choice("submission", "judging", "access"),
        "opens": _date("a date with its time, such as 1 September 2026, 10:00 CEST"),
        "closes": _date("a date with its time, such as 2 November 2026, 17:00 CET"),
        "submissions": _whole(1, 1000, "how many submissions a team has, 1 to 1000"),
        "failures": _whole(0, 1000, "how many unreadable submissions are given back, 0 to 1000"),
    },
    ("submissions", "failures"),
)
CRITERION = _object(
    "a criterion with its key, title, question and threshold",
    {
        "key": _key("a short name in small letters, such as excellence"),
        "title": _line("what people call the criterion"),
        "question": _text("the question that judges answer", 2000),
        "threshold": _amount("marks", "marks from 0 to 5, such as 3 or 3.5"),
        "weight": _whole(1, 100, "a whole number from 1 to 100"),
        "anchors": _list("six texts: what 0, 1, 2, 3, 4 and 5 marks mean", _text("what the marks mean", 300), most=6),
    },
    ("weight", "anchors"),
)
SUITE = _object(
    "a suite with its key and folder",
    {
        "key": _key("a short name in small letters, such as tabular"),
        "folder": _line("the suite's folder, seen from the call file, such as suites/tabular"),
    },
)
RANKING = _object(
    "how boards are computed",
    {
        "confidence": _amount("decimal", "the confidence of intervals, such as 0.95"),
        "draws": _whole(1000, 100_000, "how often scores are resampled, 1000 to 100000"),
        "seed": _whole(0, 2**31 - 1, "a whole number that is fixed before any score exists, such as 20260901"),
        "missing": _choice("unranked", "floor"),
        "decimals": _whole(0, 6, "how many decimals of points count, 0 to 6"),
        "official": _flag("whether winners are chosen only from a board of at least 100,000 draws"),
    },
    ("official",),
)
SELECTION = _object(
    "how winners are found",
    {
        "winners": _whole(1, 100, "how many winners there are at most, 1 to 100"),
        "finalists": _whole(1, 1000, "how many entries the panel judges, 1 to 1000"),
        "most_finalists": _whole(1, 1000, "the most entries that the panel takes, 1 to 1000"),
        "board_weight": _amount("decimal", "the board's share of the result, 0 to 1, such as 0.5"),
        "board_anchor": {**_list(_ANCHORS, _amount("decimal", "points, such as 100"), most=2), "minItems": 2},
        "jury_anchor": {**_list(_ANCHORS, _amount("marks", "total marks, such as 10 or 12.5"), most=2), "minItems": 2},
        "tie_break": _list(
            "the steps that part equal entries, in order",
            {
                "type": "string",
                "pattern": TIE_BREAK,
                "write": "board_group, new_country, panel_vote, or criterion: and a criterion's key without a blank",
            },
            most=20,
        ),
        "tie": _choice("equal", "interval"),
    },
    ("most_finalists", "tie"),
)
PRIZE = _object(
    "the money that winners share",
    {
        "amount": _amount("money", "an amount such as 1,000,000 or 250000.50"),
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "write": "three capital letters, such as EUR"},
        "minimum": _amount("money", "the least that one winner is given, such as 100,000"),
        "above": _amount("decimal", "the points above which money follows points, such as 84"),
    },
    ("minimum", "above"),
)
MACHINE = _object(
    "a machine with its hours and their unit",
    {
        "machine": _line("the machine's name, such as LUMI", 60),
        "hours": _amount("whole", "a whole number of hours, such as 4,000,000"),
        "unit": _line("what one hour is, such as: one MI250X module for one hour"),
        "cap": _amount("whole", "the most hours that one entrant is given, such as 1,500,000"),
        "minimum": _amount("whole", "the least hours of a winner that asked for as many, such as 250,000"),
        "leftover": _choice("unassigned", "reserve"),
    },
    ("cap", "minimum", "leftover"),
)
ELIGIBILITY = _object(
    "who may enter",
    {
        "countries": _list("country codes", _COUNTRY, most=300),
        "control": {
            "anyOf": [{"const": "same"}, _list("country codes", _COUNTRY, most=300)],
            "write": "same, or a list of country codes such as [BE, NO]",
        },
        "sme": _flag("whether only small and medium-sized enterprises may enter"),
        "founded_after": {
            "anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1900, "maximum": 2100}],
            "write": "a year such as 2015, or null for any",
        },
        "experience": _flag("whether evidence of work with large models is asked for"),
        "honour": _flag("whether a declaration on honour is asked for"),
    },
)
LIMITS = _object(
    "the sizes of what is handed in",
    {"predictions": _amount("size", "a size such as 5 MB"), "package": _amount("size", "a size such as 20 MB")},
)
CALL = _object(
    "a call",
    {
        "key": _key("the call's short name in small letters, such as lagc-2026"),
        "title": _line("what people call the call"),
        "summary": _text("what the call is for, in a paragraph or two", 4000),
        "authority": _line("who runs the call"),
        "zone": {**_line("the time zone of its dates, such as Europe/Brussels", 60), "reads": "zone"},
        "phases": _list("a list of phases, each beginning with - key:", PHASE, most=20),
        "criteria": _list("a list of criteria, each beginning with - key:", CRITERION, most=12),
        "total_threshold": _amount("marks", "the least total of marks, such as 10"),
        "suites": _list("a list of suites, each beginning with - key:", SUITE, most=20),
        "ranking": RANKING,
        "selection": SELECTION,
        "prize": PRIZE,
        "hours": _list("a list of machines, each beginning with - machine:", MACHINE, most=20),
        "eligibility": ELIGIBILITY,
        "limits": LIMITS,
        "routes": _list(
            "how winners may release: weights, publication, or both", _choice("weights", "publication"), most=2
        ),
        "obligation_months": _whole(1, 120, "months from the start of access until the release is due, 1 to 120"),
        "endpoints": _flag("whether a team may hand in an endpoint in place of a model in its package"),
    },
    ("endpoints",),
)
