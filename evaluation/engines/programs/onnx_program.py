"""Asks an ONNX model of tables or images through ONNX Runtime: spec.json in, one file a shard out.

    python onnx_program.py SPEC OUT

It runs in the engine's own environment, in a sandbox without network, beside `contract.py`, which says what it keeps,
and imports nothing of the platform.

Items are asked one at a time, so an answer depends on its own item alone: not on those beside it, and not on how many
shards there are. The first item of a shard is asked once more at its end, which finds models that draw at random.
"""

import base64
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # it is started with -P, which looks for nothing beside a program

from contract import BAD_SPEC, NO_MODEL, Ended, check_version, finite, run, why

MEMORY = ("allocate memory", "bad_alloc", "bad allocation")
"""What ONNX Runtime says where there is no more memory; it has no class of error for that."""
FLOATS = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(float16)": "float16"}
WHOLES = {f"tensor({sign}int{bits})": f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)}
LABELLED = ("classification", "distribution")


class Engine:
    """ONNX Runtime with one model, loaded once for all tasks."""

    def __init__(self, spec):
        import numpy
        import onnxruntime

        check_version(spec, "onnxruntime", onnxruntime.__version__)
        if spec["settings"]["device"] != "cpu":
            raise Ended(BAD_SPEC, f"this engine runs on the cpu, and the spec asks for {spec['settings']['device']}")
        self.versions = {"onnxruntime": onnxruntime.__version__}
        self.device = "cpu"
        found = sorted(path for path in Path(spec["model"]["path"]).rglob("*") if path.suffix.lower() == ".onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = spec["settings"]["threads"]
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        # what goes beyond the basic ones depends on the processor
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.enable_cpu_mem_arena = False  # it keeps what it has, and asks for twice as much each time
        options.enable_mem_pattern = False
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        self.numpy = numpy
        try:
            self.session = onnxruntime.InferenceSession(str(found[0]), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # whatever a library makes of a model that is not one
            if is_memory(error):
                raise
            raise Ended(NO_MODEL, f"ONNX Runtime cannot load the model: {why(error)}") from error

    def rows(self, task, requests, _name):
        """Ask one shard's items and return what came back."""
        feeding = FITTING[task["by"]](self.numpy, task, self.session.get_inputs())
        output = output_for(task, self.session.get_outputs())
        rows = [self.row(task, request, feeding, output) for request in requests]
        if self.row(task, requests[0], feeding, output) != rows[0]:
            sentence = f"The model answers item {requests[0]['item']!r} of task {task['name']} in two ways."
            raise Ended(NO_MODEL, f"{sentence} Take out the operators that draw at random.")
        return rows

    def row(self, task, request, feeding, output):
        """Ask one item and keep of the answer what a score can be computed from."""
        fed = feeding(request)
        try:
            (found,) = self.session.run([output.name], fed)
        except Exception as error:  # as above
            if is_memory(error):
                raise
            where = f"item {request['item']!r} of task {task['name']}"
            raise Ended(NO_MODEL, f"The model fails on {where}: {why(error)}") from error
        found = self.numpy.asarray(found).reshape(-1)
        row = {"item": request["item"], "cut": False}
        if is_label(output):
            return {**row, "label": label_of(task, output, found)}
        return {**row, "numbers": numbers_of(task, output, found)}


def by_features(numpy, task, inputs):
    """Return what turns a request into the model's inputs: all features in one, or an input for each by its name."""
    names = task["features"]
    wanted = f"task {task['name']} gives {len(names)} features: {', '.join(names)[:200]}"
    for one in inputs:
        if one.type not in FLOATS and one.type not in WHOLES:
            raise Ended(NO_MODEL, f"The input {told(one)} takes no numbers, and {wanted}.")
    if len(inputs) == 1 and fits(inputs[0], [1, len(names)]):
        (whole,) = inputs
        return lambda request: {whole.name: array_of(numpy, request, request["features"], whole).reshape(1, -1)}
    places = {name: place for place, name in enumerate(names)}
    if {one.name for one in inputs} != set(names):
        have = ", ".join(map(told, inputs))[:300]
        sentence = "Give it one input of shape [1, features], or one of shape [1, 1] for each, by their names."
        raise Ended(NO_MODEL, f"The model has the inputs {have}, and {wanted}. {sentence}")
    for one in inputs:
        if not fits(one, [1, 1]) and not fits(one, [1]):
            raise Ended(NO_MODEL, f"The input {told(one)} does not take one number; give it the shape [1, 1].")
    return lambda request: {
        one.name: array_of(numpy, request, [request["features"][places[one.name]]], one).reshape([1] * len(one.shape))
        for one in inputs
    }


def by_image(numpy, task, inputs):
    """Return what turns a request into the model's input: pixels, 0 to 255 as bytes, else as numbers from 0 to 1."""
    from PIL import Image

    height, width = task["size"]
    channels = task["channels"]
    wanted = f"task {task['name']} gives images of {channels} x {height} x {width}"
    if len(inputs) != 1 or (inputs[0].type not in FLOATS and inputs[0].type != "tensor(uint8)"):
        have = ", ".join(map(told, inputs))[:300]
        raise Ended(NO_MODEL, f"The model has the inputs {have}, and {wanted}. Give it one input, of floats or uint8.")
    (whole,) = inputs
    shapes = [[1, channels, height, width], [1, height, width, channels]]
    shapes += [[1, height, width]] if channels == 1 else []
    shape = next((shape for shape in shapes if fits(whole, shape)), None)
    if shape is None:
        raise Ended(NO_MODEL, f"The input {told(whole)} fits none of the shapes {shapes}, and {wanted}.")

    def feeding(request):
        with Image.open(io.BytesIO(base64.b64decode(request["image"])), formats=["PNG"]) as image:
            pixels = numpy.asarray(image.convert("L" if channels == 1 else "RGB"), dtype="uint8")
        pixels = pixels.reshape(height, width, channels)
        if shape == shapes[0]:
            pixels = pixels.transpose(2, 0, 1)
        if whole.type != "tensor(uint8)":
            pixels = (pixels / numpy.float64(255)).astype(FLOATS[whole.type])
        return {whole.name: numpy.ascontiguousarray(pixels.reshape(shape))}

    return feeding


FITTING = {"features": by_features, "image": by_image}


def array_of(numpy, request, numbers, one):
    """Write numbers in the type that an input takes; a whole number that is none is said and not rounded."""
    if one.type in FLOATS:
        with numpy.errstate(over="ignore"):
            return numpy.array(numbers, dtype=FLOATS[one.type])
    bounds = numpy.iinfo(WHOLES[one.type])
    for number in numbers:
        if number != int(number) or not bounds.min <= number <= bounds.max:
            sentence = f"takes whole numbers, and {number} of item {request['item']!r} is none that it can hold."
            raise Ended(NO_MODEL, f"The input {told(one)} {sentence} Let it take floats.")
    return numpy.array([int(number) for number in numbers], dtype=WHOLES[one.type])


def output_for(task, outputs):
    """Return the one output that answers a task: of classification a label before the scores of labels."""
    fitting = []
    if task["kind"] == "classification":
        fitting = [one for one in outputs if is_label(one) and (fits(one, [1]) or fits(one, [1, 1]))]
    shapes = [[1, len(task["labels"])]] if task["kind"] in LABELLED else [[1], [1, 1]]
    shapes += [[1, 2]] if task["kind"] == "probability" else []
    if not fitting:
        fitting = [one for one in outputs if one.type in FLOATS and any(fits(one, shape) for shape in shapes)]
    if len(fitting) == 1:
        return fitting[0]
    have = ", ".join(map(told, outputs))[:300]
    wanted = f"task {task['name']} of kind {task['kind']} needs {'one' if not fitting else 'only one'} of floats"
    wanted += f" with a shape of {' or '.join(map(str, shapes))}"
    wanted += ", or one with a label" if task["kind"] == "classification" else ""
    raise Ended(NO_MODEL, f"The model has the outputs {have}, and {wanted}.")


def is_label(output):
    """Tell whether an output names a label: by its text, or by its place among the labels."""
    return output.type in WHOLES or output.type == "tensor(string)"


def label_of(task, output, found):
    """Return the label that was named, or an empty text for one that the task does not have."""
    if len(found) != 1:
        raise Ended(NO_MODEL, f"The output {told(output)} gave {len(found)} labels for one item of {task['name']}.")
    if output.type == "tensor(string)":
        return str(found[0]) if str(found[0]) in task["labels"] else ""
    place = int(found[0])
    return task["labels"][place] if 0 <= place < len(task["labels"]) else ""


def numbers_of(task, output, found):
    """Return one number for each label, or the one number of a task without labels."""
    if task["kind"] == "probability" and len(found) == 2:
        found = found[1:]  # of the classes 0 and 1, in this order
    wanted = len(task["labels"]) if task["kind"] in LABELLED else 1
    if len(found) != wanted:
        sentence = f"gave {len(found)} numbers for one item of task {task['name']}, which needs {wanted}."
        raise Ended(NO_MODEL, f"The output {told(output)} {sentence}")
    return [finite(number) for number in found]


def fits(one, shape):
    """Tell whether an input or output may have a shape; a length that is a name, or none, may be any."""
    have = one.shape
    return len(have) == len(shape) and all(
        not isinstance(length, int) or length == wanted for length, wanted in zip(have, shape, strict=True)
    )


def told(one):
    kind = one.type.removeprefix("tensor(").removesuffix(")")
    return f"{one.name[:60]!r} ({kind} {[length if isinstance(length, int) else '?' for length in one.shape]})"


def is_memory(error):
    return any(words in str(error) for words in MEMORY)


if __name__ == "__main__":
    run(Engine, asks=FITTING, is_memory=is_memory)
