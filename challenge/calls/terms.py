"""Reads what a call gives and asks: prize, hours, eligibility, limits, suites and routes of release."""

from typing import Any

from challenge.calls.amounts import read_decimal, read_money, read_size, read_whole
from challenge.calls.sheet import Sheet

LARGEST_FILE = 2 * 10**9
SMALLEST_FILE = 10**4


def read_suites(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the suites; each folder lies below the call file."""
    suites = sheet.at("suites")
    sheet.only_once(((("suites", n, "key"), suite["key"]) for n, suite in enumerate(suites)), "key")
    sheet.only_once(((("suites", n, "folder"), suite["folder"]) for n, suite in enumerate(suites)), "folder")
    for number, suite in enumerate(suites):
        steps = suite["folder"].split("/")
        if "\\" in suite["folder"] or any(step in {"", ".", ".."} for step in steps):
            sentence = "A suite's folder lies below the call file. Write a path such as suites/tabular."
            sheet.report(("suites", number, "folder"), sentence)
    return [dict(suite) for suite in suites]


def read_prize(sheet: Sheet) -> dict[str, Any]:
    """Return the prize in cents."""
    prize = sheet.at("prize")
    cents, minimum = read_money(prize["amount"]), read_money(prize.get("minimum", 0))
    above = {"above": read_decimal(prize["above"])} if "above" in prize else {}
    return {**above, "cents": cents, "currency": prize["currency"], "minimum_cents": minimum}


def check_minimum(sheet: Sheet, prize: dict[str, Any]) -> None:
    """Note a problem where the least shares of all winners together are more than the prize."""
    winners = sheet.at("selection", "winners")
    if prize["minimum_cents"] * winners > prize["cents"]:
        sentence = (
            f"{winners} winners with this least share need more than the prize. Lower it, or the number of winners."
        )
        sheet.report(("prize", "minimum"), sentence)


def read_hours(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the machines with their hours."""
    machines = sheet.at("hours")
    sheet.only_once(((("hours", n, "machine"), machine["machine"]) for n, machine in enumerate(machines)), "machine")
    plain = []
    for number, machine in enumerate(machines):
        hours = read_whole(machine["hours"])
        if hours == 0:
            sheet.report(
                ("hours", number, "hours"),
                "There are no hours to share here. Write a number above 0, or remove the machine.",
            )
        plain.append({"machine": machine["machine"], "hours": hours, "unit": machine["unit"], **_bounds(machine)})
    return plain


def check_bounds(sheet: Sheet, hours: list[dict[str, Any]]) -> None:
    """Note a problem where a machine's bounds contradict each other, or winners' least hours exceed what it has."""
    winners = sheet.at("selection", "winners")
    for number, machine in enumerate(hours):
        minimum, cap = machine.get("minimum", 0), machine.get("cap")
        if cap is not None and minimum > cap:
            sentence = "The least that a winner is given is more than the most that anybody is. Correct one."
            sheet.report(("hours", number, "minimum"), sentence)
        elif minimum * winners > machine["hours"]:
            sentence = f"{winners} winners with these least hours need more than the machine has. Lower them."
            sheet.report(("hours", number, "minimum"), sentence)


def _bounds(machine: dict[str, Any]) -> dict[str, Any]:
    """Return a machine's bounds as far as they say something, so that calls without them keep their digest."""
    bounds = {name: read_whole(machine[name]) for name in ("cap", "minimum") if name in machine}
    if bounds.get("minimum") == 0:
        del bounds["minimum"]
    return bounds | ({"leftover": "reserve"} if machine.get("leftover") == "reserve" else {})


def read_eligibility(sheet: Sheet) -> dict[str, Any]:
    """Return who may enter; `control: same` becomes the list of countries."""
    eligibility = sheet.at("eligibility")
    is_same = eligibility["control"] == "same"
    for name in ("countries",) if is_same else ("countries", "control"):
        sheet.only_once(((("eligibility", name, n), code) for n, code in enumerate(eligibility[name])), "country")
    return {**eligibility, "control": list(eligibility["countries" if is_same else "control"])}


def read_limits(sheet: Sheet) -> dict[str, int]:
    """Return the sizes of what is handed in, in bytes."""
    limits = {}
    for name in ("predictions", "package"):
        limits[name] = read_size(sheet.at("limits", name))
        if not SMALLEST_FILE <= limits[name] <= LARGEST_FILE:
            sheet.report(("limits", name), "A limit lies between 10 kB and 2 GB. Choose one in between.")
    return limits


def read_routes(sheet: Sheet) -> list[str]:
    """Return the routes of release, each once."""
    routes = sheet.at("routes")
    sheet.only_once(((("routes", number), route) for number, route in enumerate(routes)), "route")
    return list(routes)
