"""NaN and infinity are found in every type that has them, wherever they stand, and nothing else is taken for them."""

import ml_dtypes
import numpy as np
import pytest

from evaluation.models import WeightsNotFinite, inspect_model
from evaluation.models.finite import first_not_finite
from tests.evaluation.models.making import Folder, raw, safetensors

SMALL = {
    "F16": np.float16,
    "BF16": ml_dtypes.bfloat16,
    "F8_E5M2": ml_dtypes.float8_e5m2,
    "F8_E4M3": ml_dtypes.float8_e4m3fn,
    "F8_E4M3FNUZ": ml_dtypes.float8_e4m3fnuz,
    "F8_E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
    "F8_E8M0": ml_dtypes.float8_e8m0fnu,
}


@pytest.mark.parametrize("name", SMALL)
def test_every_bit_pattern_of_a_small_type_is_judged_as_an_own_implementation_judges_it(name: str) -> None:
    width = np.dtype(SMALL[name]).itemsize
    patterns = np.arange(256**width, dtype=f"<u{width}")
    with np.errstate(invalid="ignore"):  # NaNs that signal do so when they are widened
        numbers = patterns.view(SMALL[name]).astype(np.float64)
    for pattern, number in zip(patterns, numbers, strict=True):
        content = pattern.tobytes()
        assert (first_not_finite(content, name) is None) == bool(np.isfinite(number)), hex(pattern)
        assert (first_not_finite(content, name, infinite=True) is None) == (not np.isnan(number)), hex(pattern)


@pytest.mark.parametrize(("name", "dtype"), [("F32", "<f4"), ("F64", "<f8")])
def test_the_edges_of_the_large_types(name: str, dtype: str) -> None:
    kind = np.dtype(dtype)
    largest, tiny = np.finfo(kind).max, np.finfo(kind).smallest_subnormal
    fine = np.array([0.0, -0.0, 1.0, largest, -largest, tiny, -tiny], dtype)
    assert first_not_finite(fine.tobytes(), name) is None
    for bad in (np.nan, -np.nan, np.inf, -np.inf):
        assert first_not_finite(np.append(fine, np.array(bad, dtype)).tobytes(), name) == 7 * kind.itemsize
    assert first_not_finite(np.array([np.inf, -np.inf], dtype).tobytes(), name, infinite=True) is None
    assert first_not_finite(np.array([np.inf, np.nan], dtype).tobytes(), name, infinite=True) == kind.itemsize


@pytest.mark.parametrize("name", ["U8", "I64", "BOOL", "F4", "F6_E2M3", "F6_E3M2"])
def test_types_without_nan_are_always_finite(name: str) -> None:
    assert first_not_finite(b"\xff" * 24, name) is None


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", "<c8"])
def test_one_bad_number_in_a_model_is_found_and_named(model: Folder, dtype: str, bad: float) -> None:
    numbers = np.zeros(3_000_000, dtype)
    numbers[2_345_678] = bad
    model.put("model.safetensors", safetensors({"first": np.ones(3, "<f4"), "second": numbers}))
    with pytest.raises(WeightsNotFinite, match=r"'second' holds NaN or infinity, first at its element 2,345,678\."):
        inspect_model(model.path)


@pytest.mark.parametrize(("dtype", "bad"), [("BF16", b"\x80\x7f"), ("F8_E4M3", b"\xff"), ("F8_E5M2", b"\x7c")])
def test_one_bad_number_of_a_small_type_is_found(model: Folder, dtype: str, bad: bytes) -> None:
    good = b"\x01" * len(bad)
    model.put("model.safetensors", raw(dtype, good * 3, count=3))
    assert inspect_model(model.path).dtypes == (dtype,)
    model.put("model.safetensors", raw(dtype, good * 2 + bad, count=3))
    with pytest.raises(WeightsNotFinite, match="first at its element 2"):
        inspect_model(model.path)


def test_weights_that_no_index_names_are_judged_too(model: Folder) -> None:
    model.put("consolidated.safetensors", safetensors({"a": np.array([np.nan], "<f4")}))
    with pytest.raises(WeightsNotFinite, match=r"consolidated\.safetensors"):
        inspect_model(model.path)
