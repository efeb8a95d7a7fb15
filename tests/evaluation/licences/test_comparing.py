"""A release is the evaluated package again, however its files are named and cut; whatever else differs is told."""

import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evaluation import ArchiveError
from evaluation.commands import main
from evaluation.licences import Comparison, compare, held_against, weights_of
from evaluation.licences.texts.wording import Stay, changed, text_of

Text = Callable[[str], str]
CARD = "---\nlicense: mit\n---\n# Tiny\n"
TENSORS = {f"layer.{place}.weight": bytes([place]) * (8 * (place + 1)) for place in range(6)}


def shard(tensors: Mapping[str, bytes], **metadata: str) -> bytes:
    """Write tensors of bytes as safetensors, in their order; compact, so that every byte of the header tells."""
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    place = 0
    for name, content in tensors.items():
        header[name] = {"dtype": "U8", "shape": [len(content)], "data_offsets": [place, place + len(content)]}
        place += len(content)
    text = json.dumps(header, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text + b"".join(tensors.values())


def folder(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a new folder."""
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a new zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def codes(found: Comparison) -> list[str]:
    """List the codes of all findings."""
    return [reason.code for reason in found.reasons]


@pytest.fixture
def sound(text: Text) -> dict[str, str | bytes]:
    """The files of a package that was evaluated."""
    return {"README.md": CARD, "LICENSE": text("MIT"), "model.safetensors": shard(TENSORS)}


@pytest.fixture
def held(tmp_path: Path, sound: dict[str, str | bytes]) -> Callable[[Mapping[str, str | bytes | None]], Comparison]:
    """Give a function that holds the sound package with some files changed, added or taken away against itself."""

    def hold(changes: Mapping[str, str | bytes | None]) -> Comparison:
        files = {name: content for name, content in {**sound, **changes}.items() if content is not None}
        place = len(list(tmp_path.iterdir()))
        return compare(folder(tmp_path / f"a{place}", sound), folder(tmp_path / f"b{place}", files))

    return hold


Held = Callable[[Mapping[str, str | bytes | None]], Comparison]


def test_a_package_does_not_differ_from_itself_whether_folder_zip_or_tar(
    tmp_path: Path, sound: dict[str, str | bytes]
) -> None:
    plain, packed = folder(tmp_path / "plain", sound), zipped(tmp_path / "p.zip", sound)
    with tarfile.open(tmp_path / "p.tar", "w") as archive:
        archive.add(plain, arcname=".")
    for one in (plain, packed, tmp_path / "p.tar"):
        found = compare(plain, one)
        assert (found.reasons, found.texts) == ((), ())
        assert found.evaluated == found.released == weights_of(plain)


@settings(max_examples=40)
@given(data=st.data())
def test_renaming_and_cutting_weights_otherwise_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    names = data.draw(st.permutations(sorted(TENSORS)))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(names) - 1), max_size=3)))
    parts = [names[low:high] for low, high in zip([0, *cuts], [*cuts, len(names)], strict=True)]
    stem = data.draw(st.sampled_from(["model", "weights/part", "x"]))
    shards = {
        f"{stem}-{place}.safetensors": shard({name: TENSORS[name] for name in part}, format="pt")
        for place, part in enumerate(parts)
    }
    path = tmp_path_factory.mktemp("cut")
    evaluated, released = zipped(path / "a.zip", {"model.safetensors": shard(TENSORS)}), zipped(path / "b.zip", shards)
    assert compare(evaluated, released).reasons == ()
    assert compare(released, evaluated).reasons == ()


@settings(max_examples=200)
@given(place=st.integers(0, len(shard(TENSORS)) - 1), sign=st.integers(1, 255))
@example(place=410, sign=2)  # the last tensor is said to end beyond the file
def test_one_byte_that_is_another_is_told(tmp_path_factory: pytest.TempPathFactory, place: int, sign: int) -> None:
    whole = bytearray(shard(TENSORS))
    whole[place] ^= sign
    path = tmp_path_factory.mktemp("flip")
    evaluated = zipped(path / "a.zip", {"model.safetensors": shard(TENSORS)})
    found = compare(evaluated, zipped(path / "b.zip", {"model.safetensors": bytes(whole)}))
    assert set(codes(found)) == {"WEIGHTS_DIFFER"}


def test_the_tensors_that_differ_are_named_with_their_file(held: Held) -> None:
    other = {**TENSORS, "layer.3.weight": b"\7" * 32, "extra": b"1"}
    del other["layer.0.weight"]
    found = held({"model.safetensors": None, "a.safetensors": shard(other)})
    assert [(reason.code, reason.file, reason.words) for reason in found.reasons] == [
        ("WEIGHTS_DIFFER", "a.safetensors", "layer.3.weight"),
        ("WEIGHTS_DIFFER", "a.safetensors", "extra"),
        ("WEIGHTS_DIFFER", "model.safetensors", "layer.0.weight"),
    ]
    assert found.reasons[0].remedy.startswith("Release the weights that were evaluated")


def test_a_tensor_given_twice_does_not_hide_behind_the_right_one(held: Held) -> None:
    wrong = {**TENSORS, "layer.3.weight": b"\7" * 32}
    found = held({"model.safetensors": shard(wrong), "z.safetensors": shard({"layer.3.weight": b"\3" * 32})})
    assert [(reason.code, reason.file) for reason in found.reasons] == [
        ("WEIGHTS_DIFFER", "model.safetensors"),
        ("WEIGHTS_DIFFER", "z.safetensors"),
    ]


@pytest.mark.parametrize("name", ["model.gguf", "model.onnx"])
def test_weights_without_tensors_to_look_at_are_told_by_their_files(tmp_path: Path, name: str) -> None:
    one = folder(tmp_path / "one", {name: b"GGUF" + b"1" * 60})
    other = folder(tmp_path / "other", {name: b"GGUF" + b"2" * 60})
    renamed = folder(tmp_path / "renamed", {f"new-{name}": b"GGUF" + b"1" * 60})
    assert compare(one, renamed).reasons == ()
    [reason] = compare(one, other).reasons
    assert (reason.code, reason.file) == ("WEIGHTS_DIFFER", name)
    assert "other than those that were evaluated" in reason.sentence
    both = folder(tmp_path / "both", {name: b"GGUF" + b"2" * 60, f"a-{name}": b"GGUF" + b"1" * 60})
    assert [reason.sentence for reason in compare(one, both).reasons] == ["These weights were not evaluated."]
    assert ["are not in the release" in reason.sentence for reason in compare(both, one).reasons] == [True]


def test_data_beside_an_onnx_model_are_weights(tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {"model.onnx": b"x" * 60, "model.onnx_data": b"1" * 9})
    other = folder(tmp_path / "other", {"model.onnx": b"x" * 60, "model.onnx_data": b"2" * 9})
    assert [reason.file for reason in compare(one, other).reasons] == ["model.onnx_data"]


def test_a_form_of_the_model_that_nothing_evaluates_may_be_missing(held: Held, sound: dict[str, str | bytes]) -> None:
    sound |= {"config.json": "{}", "model.onnx": b"x" * 60, "pytorch_model.bin": b"\x80\x04x"}
    assert held({"model.onnx": None, "pytorch_model.bin": None}).reasons == ()


def test_nothing_released_yet_and_nothing_to_hold_it_against(held: Held, tmp_path: Path) -> None:
    assert codes(held({"model.safetensors": None})) == ["NOT_YET_RELEASED"]
    release = folder(tmp_path / "release", {"model.safetensors": shard(TENSORS)})
    assert codes(compare(None, release)) == ["WEIGHTS_UNKNOWN"]
    assert compare(None, release, weights=False).reasons == ()


def test_a_changed_licence_is_told_word_by_word_with_its_line(held: Held, sound: dict[str, str | bytes]) -> None:
    said = str(sound["LICENSE"])
    lines = said.replace("free of charge", "for a fee").split("\n")
    found = held({"LICENSE": "\n".join(lines)})
    [reason] = found.reasons
    assert (reason.code, reason.file) == ("LICENCE_CHANGED", "LICENSE")
    assert "“for a fee" in reason.sentence
    assert "missing “free of charge" in reason.sentence
    assert "for a fee" in lines[reason.line - 1]
    [change] = found.texts
    assert [piece.stay for piece in change.pieces] == [Stay.SAME, Stay.MISSING, Stay.ADDED, Stay.SAME]


def test_layout_names_of_files_and_holders_change_no_licence(held: Held, sound: dict[str, str | bytes]) -> None:
    said = "\r\n\r\n".join(" ".join(part.split()) for part in str(sound["LICENSE"]).split("\n\n"))
    assert held({"LICENSE": None, "LICENSE.md": said}).reasons == ()
    assert held({"COPYING": said}).reasons == ()
    assert held({"LICENSE": f"Copyright (c) 2027 Birch\n{sound['LICENSE']}"}).reasons == ()


def test_licences_that_are_gone_or_new(held: Held, text: Text) -> None:
    gone = held({"LICENSE": None})
    assert [(reason.code, reason.file) for reason in gone.reasons] == [("LICENCE_CHANGED", "LICENSE")]
    new = held({"USE_POLICY.md": "Nobody may use this on Mondays.", "LICENSE-WEIGHTS": text("Apache-2.0")})
    assert [(reason.code, reason.file) for reason in new.reasons] == [
        ("LICENCE_CHANGED", "LICENSE-WEIGHTS"),
        ("LICENCE_CHANGED", "USE_POLICY.md"),
    ]


def test_what_cannot_be_compared_word_by_word_is_compared_by_its_bytes(
    held: Held, sound: dict[str, str | bytes]
) -> None:
    long = "word " * 100_000
    sound |= {"LICENSE.pdf": b"%PDF one", "COPYING": long}
    found = held({"LICENSE.pdf": b"%PDF two", "COPYING": long + "but not you"})
    assert [reason.file for reason in found.reasons] == ["COPYING", "LICENSE.pdf"]
    assert all("cannot be compared word by word" in reason.sentence for reason in found.reasons)


def test_another_declared_licence_is_told_with_its_line(held: Held, tmp_path: Path) -> None:
    [reason] = held({"README.md": CARD.replace("mit", "cc-by-nc-4.0")}).reasons
    assert (reason.code, reason.file, reason.line) == ("LICENCE_CHANGED", "README.md", 2)
    assert reason.sentence == "The release declares cc-by-nc-4.0; the evaluated package declared mit."
    silent = folder(tmp_path / "silent", {"model.safetensors": shard(TENSORS)})
    named = folder(tmp_path / "named", {"model.safetensors": shard(TENSORS), "README.md": CARD})
    assert compare(silent, named, declared="MIT").reasons == ()
    assert codes(compare(silent, named)) == ["LICENCE_CHANGED"]


def test_code_that_declares_its_own_licence_need_not_come_along(held: Held, sound: dict[str, str | bytes]) -> None:
    sound["pyproject.toml"] = '[project]\nlicense = "BSD-3-Clause"\n'
    assert held({"pyproject.toml": None}).reasons == ()
    assert codes(held({"package.json": '{"license": "UNLICENSED"}'})) == ["LICENCE_CHANGED"]


@pytest.mark.parametrize(
    ("front", "word"),
    [
        ("extra_gated_fields:\n  Country: country", "extra_gated_fields"),
        ("extra_gated_prompt: Agree to be good", "extra_gated_prompt"),
    ],
)
def test_a_gate_that_was_not_there_is_told_with_its_line(held: Held, front: str, word: str) -> None:
    [reason] = held({"README.md": f"---\nlicense: mit\n{front}\n---\n# Tiny\n"}).reasons
    assert (reason.code, reason.file, reason.line, reason.words) == ("ACCESS_RESTRICTED", "README.md", 3, word)


def test_a_gate_that_was_evaluated_is_none_and_its_words_are_compared(
    held: Held, sound: dict[str, str | bytes]
) -> None:
    gate = "---\nlicense: mit\nextra_gated_prompt: |\n  You agree to be good.\n---\n"
    sound["README.md"] = gate
    assert held({}).reasons == ()
    [reason] = held({"README.md": gate.replace("good", "very good")}).reasons
    assert (reason.code, reason.file, reason.line, reason.words) == ("LICENCE_CHANGED", "README.md", 4, "very")


def test_a_file_that_did_not_come_along_is_not_called_missing(tmp_path: Path, sound: dict[str, str | bytes]) -> None:
    evaluated = folder(tmp_path / "a", {**sound, "model.gguf": b"GGUF" + b"1" * 60})
    [reason] = compare(evaluated, folder(tmp_path / "b", sound), unseen={"model.gguf"}).reasons
    assert "did not come along" in reason.sentence


def test_a_hash_is_held_against_the_package_and_its_weights(tmp_path: Path, sound: dict[str, str | bytes]) -> None:
    weights = weights_of(folder(tmp_path / "a", sound))
    assert held_against(weights[0].sha256, weights, package="0" * 64) is None
    assert held_against("0" * 64, weights, package="0" * 64) is None
    reason = held_against("1" * 64, weights, package="0" * 64)
    assert reason is not None
    assert reason.code == "WEIGHTS_DIFFER"


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_pieces_tell_both_texts(seed: int) -> None:
    draw = random.Random(seed)
    words = [draw.choice(["use", "model", "people", "free", "may"]) for _ in range(8)]
    other = list(words)
    for _ in range(draw.randint(1, 4)):
        other[draw.randrange(len(other))] = draw.choice(["never", "not", "model"])
    pieces = changed(text_of(" ".join(words).encode()), text_of("\n".join(other).encode()))
    if not pieces:
        assert words == other
        return
    assert " ".join(piece.text for piece in pieces if piece.stay is not Stay.ADDED) == " ".join(words)
    assert " ".join(piece.text for piece in pieces if piece.stay is not Stay.MISSING) == " ".join(other)
    for piece in pieces:
        if piece.stay is Stay.ADDED:
            assert piece.text.split(" ") == other[piece.line - 1 : piece.last_line]


def test_what_is_shown_acts_on_nobody(held: Held, sound: dict[str, str | bytes]) -> None:
    found = held(
        {
            "model.safetensors": shard({**TENSORS, "a\x1b[2J\u202e" + "b" * 500: b"1"}),
            "LICENSE": f"{sound['LICENSE']}\nNot\x1b[2J for\u202e you.",
        }
    )
    assert codes(found) == ["WEIGHTS_DIFFER", "LICENCE_CHANGED"]
    for reason in found.reasons:
        assert reason.sentence.isprintable()
        assert len(reason.sentence) < 400


@pytest.mark.parametrize(
    "header",
    [
        b'{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,1e999]},"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
        b'{"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"v":{"dtype":"U8","shape":[4],"data_offsets":[2,4]}}',
        b'{"w":{"dtype":"U8","shape":[4],"data_offsets":[4,0]},"v":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
        b'{"w":{"shape":[4],"data_offsets":[0,4]}}',
    ],
)
def test_a_header_that_lays_tensors_wrongly_hides_nothing(held: Held, header: bytes) -> None:
    found = held({"model.safetensors": None, "x.safetensors": len(header).to_bytes(8, "little") + header + b"1234"})
    assert set(codes(found)) == {"WEIGHTS_DIFFER"}
    assert {reason.file for reason in found.reasons} == {"model.safetensors", "x.safetensors"}


@pytest.mark.parametrize("side", [0, 1])
def test_a_hostile_package_is_refused_on_either_side(tmp_path: Path, sound: dict[str, str | bytes], side: int) -> None:
    fine = folder(tmp_path / "fine", sound)
    linked = folder(tmp_path / "linked", sound)
    (linked / "x").symlink_to("/etc/passwd")
    outside = zipped(tmp_path / "outside.zip", {"../model.safetensors": shard(TENSORS)})
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.safetensors", b"\0" * 20_000_000)
    for hostile in (linked, outside, bomb, tmp_path / "none"):
        pair = (hostile, fine) if side == 0 else (fine, hostile)
        with pytest.raises(ArchiveError):
            compare(*pair)


def test_damaged_weights_in_a_zip_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("model.safetensors", shard(TENSORS))
    content = bytearray(stream.getvalue())
    content[len(shard(TENSORS))] ^= 1  # in the stored bytes, whose checksum no longer fits
    (tmp_path / "p.zip").write_bytes(bytes(content))
    with pytest.raises(ArchiveError, match="damaged"):
        weights_of(tmp_path / "p.zip")


def test_the_command_says_what_differs_and_ends_with_one(
    tmp_path: Path, sound: dict[str, str | bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated, same = folder(tmp_path / "a", sound), zipped(tmp_path / "same.zip", sound)
    size = len(shard(TENSORS))
    assert main(["licences", "compare", str(evaluated), str(same)]) == 0
    assert capsys.readouterr().out == (
        f"evaluated  weights in 1 file, {size:,} bytes\nreleased   weights in 1 file, {size:,} bytes\nno difference\n"
    )
    line = str(sound["LICENSE"]).count("\n") + 2
    other = folder(tmp_path / "b", {**sound, "LICENSE": f"{sound['LICENSE']}\nNot for Mondays."})
    assert main(["licences", "compare", str(evaluated), str(other)]) == 1
    assert capsys.readouterr().out.splitlines()[2:] == [
        "changed    LICENSE",
        f"LICENCE_CHANGED  LICENSE:{line}: The text is not the one that was evaluated: added “Not for Mondays.”.",
        "    Restore the text that was evaluated, or tell the organiser why it is another.",
    ]
    assert main(["licences", "compare", str(evaluated), str(other), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["reasons"][0]["words"] == "Not for Mondays."
    assert told["texts"][0]["pieces"][-1]["stay"] == "added"
    assert told["released"][0]["name"] == "model.safetensors"
    assert main(["licences", "compare", str(evaluated), str(tmp_path / "none")]) == 2
    assert main(["licences", "compare", str(evaluated)]) == 2
    assert "no such file or folder" in capsys.readouterr().err
