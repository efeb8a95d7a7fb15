"""A finding is one reason for a verdict: a code, a sentence with its place, and what to do about it."""

from dataclasses import dataclass, field

from evaluation.licences.policy import LicenceClass, Outcome, Policy, worst


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: a code, a sentence, the file and lines (0 = none), the remedy and the words."""

    code: str
    sentence: str
    file: str
    line: int
    remedy: str
    last_line: int = field(default=0, compare=False)
    words: str = field(default="", compare=False)
    outcome: Outcome | None = field(default=None, compare=False)
    """What it leads to by itself; None where nobody said."""


@dataclass
class Findings:
    """The reasons met so far and the gravest outcome among them."""

    policy: Policy
    reasons: list[Reason] = field(default_factory=list)
    outcome: Outcome = Outcome.COMPLIANT

    def add(
        self,
        code: str,
        sentence: str,
        remedy: str,
        *,
        file: str = "",
        line: int = 0,
        last_line: int = 0,
        words: str = "",
    ) -> None:
        """Add a finding, whose outcome is the policy's for its code."""
        outcome = self.policy.outcome(code)
        self._add(Reason(code, sentence, file, line, remedy, last_line or line, words, outcome), outcome)

    @property
    def has_doubt(self) -> bool:
        """Whether anything was found so far that keeps the release from being accepted."""
        return self.outcome not in {Outcome.COMPLIANT, Outcome.BY_PUBLICATION}

    def add_as(self, outcome: Outcome, code: str, sentence: str, remedy: str) -> None:
        """Add a finding with an outcome of its own."""
        self._add(Reason(code, sentence, "", 0, remedy, outcome=outcome), outcome)

    def add_class(self, found: LicenceClass, licence: str, *, file: str = "", line: int = 0) -> None:
        """Add what the class of a licence leads to; plain open licences add nothing."""
        if found.code:
            sentence = f"The licence {licence} {found.sentence}"
            reason = Reason(found.code, sentence, file, line, found.remedy, line, outcome=found.outcome)
            self._add(reason, found.outcome)

    def _add(self, reason: Reason, outcome: Outcome) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.outcome = worst(self.outcome, outcome)
