"""What a licence check can say of a model behind an endpoint, of which it sees nothing: never that it is compliant."""

from dataclasses import replace

from evaluation.licences import Outcome, Reason, Verdict

UNSEEN = "ENDPOINT_UNSEEN"
_REMEDY = "An officer decides, on what the team shows: the weights with their licence, or the article it promises."


def unseen(found: Verdict, *, endpoint: str, has_package: bool, is_article: bool = False) -> Verdict:
    """Return the verdict on an entry of an endpoint, after what was found in its package, if it has one.

    What is wrong in a package stays so. That there is none, or that all is well in it, says nothing about the model
    that is asked; a publication that is there already does not hang on its weights. `is_article`: the findings are
    promised, so what was found is about the article.
    """
    seen = f"the package was looked at, but nothing shows that {endpoint} serves what is in it"
    nothing = f"the model behind {endpoint} has no package here"
    reason = Reason(
        UNSEEN,
        f"What cannot be checked: {seen if has_package else nothing}. Its weights, their licence, and what it was "
        "made from are the team's word alone.",
        "",
        0,
        _REMEDY,
        outcome=Outcome.NEEDS_REVIEW,
    )
    keeps = found.outcome is Outcome.BY_PUBLICATION or (has_package and found.outcome is Outcome.NON_COMPLIANT)
    reasons = found.reasons if has_package or keeps or is_article else ()
    exempt = found.ai_act_exempt if keeps and has_package else None
    return replace(
        found,
        outcome=found.outcome if keeps else Outcome.NEEDS_REVIEW,
        reasons=(reason, *reasons),
        ai_act_exempt=exempt,
    )
