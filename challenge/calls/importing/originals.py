"""A bundle as it was brought: its file in the store, its name, and what was said of its dates."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Original:
    """All that it takes to read a bundle again, and to say the same of it."""

    sha256: str
    name: str
    zone: str = ""
    """In which zone dates are meant that carry none; empty where nobody said."""
    opens_at: str = ""
    """At which time of day begins what begins on a day without a time, such as 09:00; empty where nobody said."""
    closes_at: str = ""
    """At which time of day ends what ends on a day without a time, such as 23:59; empty where nobody said."""

    repeatable: bool = True
    """Whether all this is known. Of calls imported before it was noted nobody knows name, zone and times."""

    @property
    def called(self) -> str:
        """Name the bundle in a sentence."""
        if not self.repeatable:
            return "a bundle whose name was not noted"
        return f"the bundle {self.name}" if self.name else "a bundle without a name"

    def noted(self) -> dict[str, object]:
        """Return it as the audit line of an import holds it."""
        said = {"name": self.name, "zone": self.zone, "opens_at": self.opens_at, "closes_at": self.closes_at}
        return {"original": self.sha256} | ({"bundle": said} if self.repeatable else {})


def original_in(particulars: dict[str, object]) -> Original | None:
    """Return the original that an audit line names; None where it names none."""
    sha256, said = particulars.get("original"), particulars.get("bundle")
    if not isinstance(sha256, str):
        return None
    if not isinstance(said, dict):
        return Original(sha256, "", repeatable=False)
    once = said.get("time", "")  # one time for beginnings and ends, as lines of the log had it before
    opens_at, closes_at = (str(said.get(key, once)) for key in ("opens_at", "closes_at"))
    return Original(sha256, str(said.get("name", "")), str(said.get("zone", "")), opens_at, closes_at)
