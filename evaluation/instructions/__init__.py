"""Instructions that a text follows or not, which can be seen by counting: IFEval's (Zhou et al. 2023), as data."""

from evaluation.instructions.arguments import InstructionsRefused
from evaluation.instructions.examples import best_example, demand_examples, example
from evaluation.instructions.following import Tally, followed, tally
from evaluation.instructions.kinds import KINDS
from evaluation.instructions.reading import Instruction, read_instructions

__all__ = [
    "KINDS",
    "Instruction",
    "InstructionsRefused",
    "Tally",
    "best_example",
    "demand_examples",
    "example",
    "followed",
    "read_instructions",
    "tally",
]
