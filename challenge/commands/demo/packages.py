"""Packs what a team would release: a model card, a licence text, metadata, and the recipe of the model."""

import io
import json
import zipfile
from pathlib import Path

TEXTS = Path(__file__).parent / "licences"
DATE = (2026, 4, 1, 0, 0, 0)


def pack(
    *,
    name: str,
    recipe: str,
    weights: bytes,
    declared: str,
    text: str | None,
    route: str = "weights",
    doi: str = "",
    altered: str = "",
) -> bytes:
    """Return a zip with README.md, metadata.json, config.json, the weights and, where `text` names one, a LICENSE.

    `declared` is the licence that card and metadata name; `text` the SPDX id of the licence text that is packed,
    None for no licence file; `altered` is a sentence added to the text.
    """
    front = f"---\nlicense: {declared}\nlibrary_name: scikit-learn\n---\n" if declared else ""
    metadata: dict[str, object] = {"release": route}
    metadata |= {"licence": declared} if declared else {}
    metadata |= {"doi": doi} if doi else {}
    card = (
        f"{front}# {name}\n\n{recipe}, trained on the public halves of four data sets that ship with scikit-learn.\n\n"
        "Intended for the demonstration of a call; not for medical use.\n"
    )
    files: dict[str, str | bytes] = {
        "README.md": card,
        "model.safetensors": weights,
        "metadata.json": json.dumps(metadata, indent=1),
        "config.json": json.dumps({"model": recipe, "library": "scikit-learn"}, indent=1),
    }
    if text:
        licence = (TEXTS / f"{text}.txt").read_text(encoding="utf-8")
        files["LICENSE"] = licence.replace("<year>", "2026").replace("<copyright holders>", name) + altered
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, DATE), content, compress_type=zipfile.ZIP_DEFLATED)
    return packed.getvalue()
