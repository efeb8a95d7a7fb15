"""What the receipt of a submission says, read from its row."""

from collections.abc import Mapping

from challenge.submissions.entry import declaration_digest
from challenge.submissions.receipts import file_plain, receipt_document
from challenge.submissions.records import Submission


def document_of(submission: Submission, *, call: str, team: str, before: Mapping[str, object]) -> dict[str, object]:
    """Return the document of a submission's receipt.

    `call` is the call's key, `team` the team's name at the time, `before` where the log stood: `length` and `hash`.
    """
    predictions = package = None
    if submission.predictions_sha256 is not None:
        predictions = file_plain(
            submission.predictions_sha256, submission.predictions_size, submission.predictions_name
        )
    if submission.package_sha256 is not None:
        package = file_plain(submission.package_sha256, submission.package_size, submission.package_name)
    return receipt_document(
        reference=submission.reference,
        team=team,
        team_id=submission.team_id,
        call=call,
        call_digest=submission.call_digest,
        phase=submission.phase,
        title=submission.title,
        declared={
            "licence": submission.declared_licence,
            "route": submission.route.value,
            "hours": submission.requests,
            "texts_sha256": declaration_digest(abstract=submission.abstract, doi=submission.doi),
        },
        predictions=predictions,
        package=package,
        endpoint=submission.endpoint,
        hub=submission.hub,
        submitted_at=submission.submitted_at,
        audit_before=before,
    )
