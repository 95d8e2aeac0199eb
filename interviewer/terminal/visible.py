"""What is typed or pasted, as the prompt shows it: nothing in it turns around what stands beside it."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from interviewer.text import printable

#: The prompt itself shows these as ^[ and the like.
_SHOWN = "".join(map(chr, (*range(0x20), *range(0x7F, 0xA0))))


class Visible(Processor):
    """Shows controls of direction, lone surrogates and the like as signs; the text itself stays as it is."""

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """The line with signs, and where each character of it went."""
        fragments = transformation_input.fragments
        if all(printable(text, keep=_SHOWN) == text for _, text, *_ in fragments):
            return Transformation(fragments)
        signs = [(style, printable(c, keep=_SHOWN)) for style, text, *_ in fragments for c in text]
        # Where each character begins on screen, and where the line ends.
        begins = [0, *accumulate(len(sign) for _, sign in signs)]
        return Transformation(
            [*signs],
            source_to_display=lambda at: begins[min(at, len(signs))] + max(0, at - len(signs)),
            display_to_source=lambda at: bisect_right(begins, at) - 1 + max(0, at - begins[-1]),
        )
