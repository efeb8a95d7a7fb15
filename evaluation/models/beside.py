"""What lies beside the weights of a model, in either format: settings, texts, chat templates, a tokenizer."""

from collections.abc import Collection
from typing import Any

from evaluation.models.json_reading import read_json
from evaluation.models.names import Kind
from evaluation.models.reading import Reading
from evaluation.models.settings import check_settings
from evaluation.models.templates import check_template
from evaluation.models.texts import read_text, read_tokenizer, templates_in


def read_beside(file: Reading, kind: Kind, *, files: Collection[str]) -> tuple[Any, int]:
    """Check one file that holds no weights; gives the data of a JSON file, and how many chat templates were found.

    `files` names the files of the package. Raises the refusals of the readers that it calls.
    """
    data: Any = None
    templates: list[str] = []
    match kind:
        case Kind.JSON:
            data = read_json(file)
            check_settings(file.name, data, files=files)
            templates = templates_in(file.name, data)
        case Kind.TEMPLATE:
            templates = [read_text(file)]
        case Kind.TEXT:
            read_text(file)
        case Kind.TOKENIZER:
            read_tokenizer(file)
        case _:
            raise AssertionError(f"{kind} holds weights")
    for template in templates:
        check_template(file.name, template)
    return data, len(templates)
