"""A finding is one reason for a verdict: a code, a sentence with its place, and what to do about it."""

from dataclasses import dataclass, field

from evaluation.licences.policy import LicenceClass, Outcome, Policy, worst


@dataclass(frozen=True)
class Reason:
    """Why a verdict is what it is: a code, a sentence, the file and line (0 = none) and the remedy."""

    code: str
    sentence: str
    file: str
    line: int
    remedy: str


@dataclass
class Findings:
    """The reasons met so far and the gravest outcome among them."""

    policy: Policy
    reasons: list[Reason] = field(default_factory=list)
    outcome: Outcome = Outcome.COMPLIANT

    def add(self, code: str, sentence: str, remedy: str, *, file: str = "", line: int = 0) -> None:
        """Add a finding, whose outcome is the policy's for its code."""
        self._add(Reason(code, sentence, file, line, remedy), self.policy.outcome(code))

    def add_class(self, found: LicenceClass, licence: str, *, file: str = "", line: int = 0) -> None:
        """Add what the class of a licence leads to; plain open licences add nothing."""
        if found.code:
            reason = Reason(found.code, f"The licence {licence} {found.sentence}", file, line, found.remedy)
            self._add(reason, found.outcome)

    def _add(self, reason: Reason, outcome: Outcome) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.outcome = worst(self.outcome, outcome)
