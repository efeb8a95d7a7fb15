"""Reads how a call judges: criteria, thresholds, the ranking of boards and the selection of winners."""

from decimal import Decimal
from typing import Any

from challenge.calls.amounts import read_decimal, read_marks
from challenge.calls.sheet import Sheet

MOST_HALVES = 10
"""Five marks, in halves: what one criterion can give."""
ANCHORS = MOST_HALVES // 2 + 1
"""How many whole marks there are, 0 among them."""


def read_criteria(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the criteria with their thresholds in half marks."""
    criteria = sheet.at("criteria")
    sheet.only_once(((("criteria", n, "key"), criterion["key"]) for n, criterion in enumerate(criteria)), "key")
    plain = []
    for number, criterion in enumerate(criteria):
        path = ("criteria", number, "threshold")
        threshold = read_marks(criterion["threshold"])
        if threshold > MOST_HALVES:
            sheet.report(path, "A criterion gives 5 marks at most; nobody would reach this threshold. Lower it.")
        named = {name: criterion[name] for name in ("key", "title", "question")}
        anchors = criterion.get("anchors", [])
        if len(anchors) not in {0, ANCHORS}:
            sentence = f"There are {len(anchors)} texts. Write {ANCHORS}: what 0, 1, 2, 3, 4 and 5 marks mean."
            sheet.report(("criteria", number, "anchors"), sentence)
        plain.append({**named, "threshold_halves": threshold, "weight": criterion.get("weight", 1)})
        if anchors:
            plain[-1]["anchors"] = anchors  # else left out, so that calls without them keep their digest
    return plain


def read_total_threshold(sheet: Sheet) -> int:
    """Return the threshold of the total in half marks; it must be within reach of all criteria together."""
    total = read_marks(sheet.at("total_threshold"))
    most = MOST_HALVES * len(sheet.at("criteria"))
    if total > most:
        sentence = f"The criteria give {most // 2} marks at most; nobody would reach this threshold. Lower it."
        sheet.report(("total_threshold",), sentence)
    return total


def read_ranking(sheet: Sheet) -> dict[str, Any]:
    """Return how boards are computed, the confidence as a decimal text."""
    confidence = read_decimal(sheet.at("ranking", "confidence"))
    if not Decimal("0.5") <= Decimal(confidence) <= Decimal("0.999"):
        sheet.report(
            ("ranking", "confidence"), f"{confidence} is no confidence. Write one from 0.5 to 0.999, such as 0.95."
        )
    # what is left out means no: written or not, the document and its digest are the same
    ranking = {name: value for name, value in sheet.at("ranking").items() if name != "official" or value}
    return {**ranking, "confidence": confidence}


def read_selection(sheet: Sheet) -> dict[str, Any]:
    """Return how winners are found; needs sound criteria."""
    selection = sheet.at("selection")
    if selection["finalists"] < selection["winners"]:
        sentence = f"There are more winners ({selection['winners']}) than finalists. Judge at least as many as may win."
        sheet.report(("selection", "finalists"), sentence)
    if selection.get("most_finalists", selection["finalists"]) < selection["finalists"]:
        sentence = f"The most is below the number of finalists ({selection['finalists']}). Write at least as many."
        sheet.report(("selection", "most_finalists"), sentence)
    weight = read_decimal(selection["board_weight"])
    if not 0 <= Decimal(weight) <= 1:
        sheet.report(("selection", "board_weight"), f"{weight} is no share. Write a number from 0 to 1, such as 0.5.")
    _check_tie_break(sheet)
    # what a call does without leaves no trace, so that its digest stays
    said = {name: selection[name] for name in ("most_finalists", "tie") if selection.get(name, "equal") != "equal"}
    return {
        **said,
        **{name: selection[name] for name in ("winners", "finalists", "tie_break")},
        "board_weight": weight,
        "board_anchor": _board_anchor(sheet),
        "jury_anchor_halves": _jury_anchor(sheet),
    }


def _board_anchor(sheet: Sheet) -> list[str]:
    low, high = (read_decimal(anchor) for anchor in sheet.at("selection", "board_anchor"))
    if Decimal(low) >= Decimal(high):
        sheet.report(
            ("selection", "board_anchor"), f"The low anchor {low} is not below the high one {high}. Correct one."
        )
    return [low, high]


def _jury_anchor(sheet: Sheet) -> list[int]:
    low, high = (read_marks(anchor) for anchor in sheet.at("selection", "jury_anchor"))
    most = MOST_HALVES * len(sheet.at("criteria"))
    path = ("selection", "jury_anchor")
    if high > most:
        sheet.report(path, f"The criteria give {most // 2} marks at most; the high anchor lies above. Lower it.")
    elif low >= high:
        sheet.report(path, "The low anchor is not below the high one. Correct one.")
    return [low, high]


def _check_tie_break(sheet: Sheet) -> None:
    steps = sheet.at("selection", "tie_break")
    criteria = [criterion["key"] for criterion in sheet.at("criteria")]
    sheet.only_once(((("selection", "tie_break", n), step) for n, step in enumerate(steps)), "step")
    for number, step in enumerate(steps):
        path = ("selection", "tie_break", number)
        if step.startswith("criterion:") and step.removeprefix("criterion:") not in criteria:
            sentence = f"{step!r} names no criterion of this call. Its criteria are {', '.join(criteria)}."
            sheet.report(path, sentence)
        if step == "panel_vote" and number < len(steps) - 1:
            sheet.report(path, "A vote of the panel parts every tie; no step can follow it. Move it to the end.")
