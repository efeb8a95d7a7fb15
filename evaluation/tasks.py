"""A task says what is asked, by which metric it is scored, and between which anchors the score counts."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from evaluation.numbers import plain


class Kind(StrEnum):
    """What an item's truth is, and what a prediction for it is."""

    CLASSIFICATION = "classification"
    """Truth and prediction are one of the task's labels. A model that gives none of them is UNANSWERED."""
    REGRESSION = "regression"
    """Both are exact numbers."""
    PROBABILITY = "probability"
    """Truth is 0 or 1; the prediction is the probability of 1."""
    DISTRIBUTION = "distribution"
    """Truth is one of the task's labels; the prediction is a tuple with one probability for each label, in order."""
    TEXT = "text"
    """Truth is one accepted answer a line; the prediction is a text."""
    INSTRUCTIONS = "instructions"
    """Truth is a list of instructions in JSON (`evaluation/instructions`); the prediction is a text."""
    RANKING = "ranking"
    """Truth is `document:grade` with blanks between, grades whole numbers from 0; the prediction is the documents'
    names from the best down, with blanks between."""
    LIKELIHOOD = "likelihood"
    """Truth is the number of bytes of a text in UTF-8; the prediction is the logarithm (base e) of its probability."""
    CODE = "code"
    """Truth is a program that tests another; the prediction is how many of the task's samples passed it."""


class Part(StrEnum):
    """Which half of a task an item belongs to; the private part stays hidden until the end."""

    PUBLIC = "public"
    PRIVATE = "private"


Answer = str | Decimal | tuple[Decimal, ...]
"""A label or a text, an exact number, or one number for each label; which of them, its task's kind says."""

UNANSWERED = ""
"""What stands for the answer of a model that named no label; it is wrong, and is no label of any task."""


def written(answer: Answer) -> str:
    """Write an answer as a file of predictions holds it."""
    if isinstance(answer, str):
        return answer
    return plain(answer) if isinstance(answer, Decimal) else " ".join(map(plain, answer))


class By(StrEnum):
    """How a model is asked."""

    CHOICES = "choices"
    """Which of the given continuations has the highest log-probability; needs log-probabilities."""
    TEXT = "text"
    """What it writes after the prompt."""
    LIKELIHOOD = "likelihood"
    """How probable the prompt itself is to it; needs log-probabilities."""
    FEATURES = "features"
    """What it makes of a row of numbers."""
    IMAGE = "image"
    """What it makes of an image."""


BY_PROMPTS = frozenset({By.CHOICES, By.TEXT, By.LIKELIHOOD})
"""How language models are asked, and no others."""
BY_NUMBERS = frozenset({By.FEATURES, By.IMAGE})
"""How models of tables and images are asked, and no others."""


class Need(StrEnum):
    """What whoever runs a model must offer so that it can be asked."""

    LOGPROBS = "logprobs"
    GENERATION = "generation"
    FEATURES = "features"
    IMAGES = "images"
    SANDBOX = "sandbox"


_NEEDS = {
    By.CHOICES: Need.LOGPROBS,
    By.TEXT: Need.GENERATION,
    By.LIKELIHOOD: Need.LOGPROBS,
    By.FEATURES: Need.FEATURES,
    By.IMAGE: Need.IMAGES,
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """How a task is put to a model: fields of an item's input, or templates over them, filled by substitution only."""

    by: By
    prompt: str = ""
    choices: tuple[str, ...] = ()
    """One template for each label, where a model is asked by choices."""
    stop: tuple[str, ...] = ()
    """Texts at which writing ends; they are no part of the answer."""
    tokens: int = 0
    """How many tokens a model may write."""
    features: tuple[str, ...] = ()
    """The fields that hold the numbers of a row, in the order in which a model gets them."""
    image: str = ""
    """The field that holds an image."""
    size: tuple[int, int] = (0, 0)
    """Height and width of every image, in pixels."""
    channels: int = 1
    """1 for shades of grey, 3 for red, green and blue."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of a suite, as its manifest declares it."""

    name: str
    title: str
    kind: Kind
    metric: str
    floor: Decimal
    ceiling: Decimal
    weight: Decimal = Decimal(1)
    labels: tuple[str, ...] = ()
    unit: int = 10_000
    cluster: bool = False
    description: str = ""
    source: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    """Of the items, as tags of BCP 47."""
    parallel: bool = False
    """Whether the same items are there in each of the languages, named `de/NAME`: then they stand or fall by NAME."""
    canary: str = ""
    """A text that stands in no document but this task's, so that a model that knows it has seen them."""
    ask: Ask | None = None
    """None where no model is run and teams send predictions."""
    samples: int = 1
    """How many programs a model writes for an item of code."""
    k: int = 1
    """Of how many of them one must pass."""

    @property
    def needs(self) -> frozenset[Need]:
        """Say what is needed to run a model on this task; nothing where teams send predictions."""
        if self.ask is None:
            return frozenset()
        return frozenset({_NEEDS[self.ask.by]} | ({Need.SANDBOX} if self.kind is Kind.CODE else set()))
