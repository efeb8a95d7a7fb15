"""Reads a bundle of another platform and writes the draft of a call beside its report and its original."""

import json
import shutil
from pathlib import Path

import click

from challenge.calls.dates import DateError, read_time, read_zone
from challenge.calls.importing.drafts import short_name
from challenge.calls.importing.telling import as_plain, as_text
from challenge.calls.importing.writing import WrittenCall, suite_keys, write_call
from challenge.calls.operations_bundles import OpenedBundle, pack_folder, read_original
from challenge.foundation.permits import Invalid


def import_bundle(
    bundle: Path, *, out: Path, zone: str | None, opens_at: str | None = None, closes_at: str | None = None
) -> None:
    """Read `bundle`, print preview and report, and write them, the original and the draft into `out`.

    Nothing of the bundle is run. Raises click's exception with one sentence where `out` is not empty, the bundle is
    refused, or errors leave no draft; report and original are written all the same in the last case.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise click.ClickException(f"{out} is there already and is no empty folder. Name a new one.")
    try:
        times = {"opens_at": opens_at, "closes_at": closes_at}
        said = {which: read_time(time) if time else "" for which, time in times.items()}
        opened = read_original(bundle, zone=read_zone(zone) if zone else None, **said)
    except DateError as error:
        raise click.ClickException(str(error)) from error
    except Invalid as error:
        raise click.ClickException(error.sentence) from error
    draft = opened.reading.draft
    written = write_call(draft, original=opened.sha256) if draft else None
    text = as_text(opened.reading, sha256=opened.sha256, written=written)
    plain = as_plain(opened.reading, name=opened.name, sha256=opened.sha256, written=written)
    out.mkdir(parents=True, exist_ok=True)
    _keep_original(bundle, out / "original")  # first, for the folder might lie within the bundle
    (out / "report.txt").write_text(text, encoding="utf-8")
    (out / "report.json").write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo(text, nl=False)
    if written is None:
        count = len(opened.reading.report.errors)
        things = "thing" if count == 1 else "things"
        raise click.ClickException(f"No draft was made: {count} {things} to mend, see above.")
    _write_draft(opened, written, out)
    click.echo(f"{out / 'call.yaml'} is the draft; {len(written.gaps)} lines of it are to be filled in.")


def _keep_original(bundle: Path, folder: Path) -> None:
    """Keep the bundle to the byte; of a folder, the zip whose SHA-256 the report names."""
    packed = pack_folder(bundle) if bundle.is_dir() else None
    folder.mkdir()
    if packed is not None:
        (folder / f"{bundle.resolve().name or 'bundle'}.zip").write_bytes(packed)
    else:
        shutil.copyfile(bundle, folder / bundle.name)


def _write_draft(opened: OpenedBundle, written: WrittenCall, out: Path) -> None:
    """Write the call file, the beginnings of its suites and the texts of its pages."""
    draft = opened.reading.draft
    if draft is None:
        return
    (out / "call.yaml").write_text(written.text, encoding="utf-8")
    for suite, key in zip(draft.suites, suite_keys(draft), strict=True):
        if suite.manifest:
            folder = out / "suites" / key
            folder.mkdir(parents=True)
            (folder / "suite.yaml").write_text(suite.manifest, encoding="utf-8")
    taken: list[str] = []
    for page in draft.pages:
        taken.append(short_name(page.title, taken, otherwise="page"))
        (out / "pages").mkdir(exist_ok=True)
        (out / "pages" / f"{taken[-1]}.txt").write_text(f"{page.text}\n", encoding="utf-8")
