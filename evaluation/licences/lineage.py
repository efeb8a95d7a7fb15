"""What a model is made from binds it too: base models, data sets and the packages its code needs."""

from collections.abc import Collection

from evaluation.licences.declared import Declarations, Named
from evaluation.licences.expressions import licence_class
from evaluation.licences.findings import Findings
from evaluation.licences.policy import Outcome


def check_lineage(found: Declarations, findings: Findings, *, carried: Collection[str]) -> None:
    """Add what follows from the base models, data sets and dependencies that a package names.

    `carried` holds the licences that the package itself declares or contains.
    """
    declared = {base.text.lower() for base in found.bases}
    for base in found.bases:
        _check_base(base, findings, carried)
    for base in found.found_bases:
        if base.text.lower() not in declared:
            sentence = f"The configuration names the base model {base.text}, which the card does not."
            remedy = f"Add `base_model: {base.text}` to the card, and carry its licence."
            findings.add("BASE_MODEL_UNDECLARED", sentence, remedy, file=base.file, line=base.line)
            _check_base(base, findings, carried)
    for dataset in found.datasets:
        _check_dataset(dataset, findings)
    for package in found.dependencies:
        if package.text in findings.policy.copyleft_packages:
            sentence = f"The code needs {package.text}, whose licence may bind the code as a whole."
            remedy = "Replace the package, or release the code under a licence that fits it."
            findings.add("CODE_DEP_INCOMPATIBLE", sentence, remedy, file=package.file, line=package.line)


def _check_base(base: Named, findings: Findings, carried: Collection[str]) -> None:
    licence = findings.policy.base_models.get(base.text.lower())
    if licence is None:
        sentence = f"The licence of the base model {base.text} is not known here."
        remedy = "Name its licence and where it can be read; a person will look at it."
        findings.add("BASE_MODEL_UNKNOWN", sentence, remedy, file=base.file, line=base.line)
        return
    found = licence_class(licence, policy=findings.policy)
    if licence in carried:
        findings.add_class(found, licence, file=base.file, line=base.line)
    elif found.outcome is not Outcome.COMPLIANT or not found.ai_act_exempt:
        sentence = f"The base model {base.text} is under {licence}, which this package does not carry."
        remedy = f"Release the model under {licence}, or build it on a base model with an open licence."
        findings.add("BASE_MODEL_CONFLICT", sentence, remedy, file=base.file, line=base.line)


def _check_dataset(dataset: Named, findings: Findings) -> None:
    licence = findings.policy.datasets.get(dataset.text.lower())
    if licence is None:
        sentence = f"The licence of the data set {dataset.text} is not known here."
        remedy = "Name its licence and where it can be read; a person will look at it."
        findings.add("DATASET_UNKNOWN", sentence, remedy, file=dataset.file, line=dataset.line)
        return
    found = licence_class(licence, policy=findings.policy)
    if found.outcome is not Outcome.COMPLIANT or not found.ai_act_exempt:
        sentence = f"The data set {dataset.text} is under {licence}, which may bind a model made from it."
        remedy = "Show that the licence of the model respects it; a person will look at it."
        findings.add("DATASET_NC", sentence, remedy, file=dataset.file, line=dataset.line)
