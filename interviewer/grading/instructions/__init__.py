"""Text in an answer that speaks to the grader: what gives it away, how it hides, and where it stands."""

from interviewer.grading.instructions.search import MASK, Instruction, instructions_in, masked, withheld
from interviewer.grading.instructions.signs import Sign

__all__ = ["MASK", "Instruction", "Sign", "instructions_in", "masked", "withheld"]
