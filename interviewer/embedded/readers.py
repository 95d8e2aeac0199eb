"""The weights at work: two readers over the same lower layers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from interviewer.embedded.about import MODEL, damaged_files, not_installed
from interviewer.embedded.runtime import runtime
from interviewer.errors import EmbeddedModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]
    Whole = NDArray[np.int64]


class Readers:
    """One reader for requirements and one for reference answers, in one file."""

    def __init__(self, folder: Traversable, threads: int) -> None:
        """Load from `folder`, to compute with so many threads. Raises EmbeddedModelError."""
        try:
            engine = runtime()
        except ImportError as error:
            raise not_installed(error) from error
        options = engine.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        options.enable_mem_pattern = False  # plans for each shape of input that comes: memory, and no time
        try:
            with as_file(folder / MODEL) as path:
                self._session = engine.InferenceSession(
                    str(path), options, providers=["CPUExecutionProvider"]
                )
        except Exception as error:
            raise damaged_files() from error

    def read(self, feed: Mapping[str, Whole], *, references: bool) -> tuple[Numbers, Numbers, Numbers]:
        """Logits of the verdicts (rows, 4), of each token to be evidence (rows, length), and the vectors of
        the words, (rows, length, width), each of length 1.

        feed: `ids`, `types` and `mask`, each (rows, length). Raises EmbeddedModelError.
        """
        import numpy as np

        try:
            told = {**feed, "references": np.array(references)}
            verdicts, evidence, words = self._session.run(("verdicts", "evidence", "words"), told)
        except Exception as error:
            raise EmbeddedModelError("the embedded model failed on this answer") from error
        return verdicts, evidence, words
