"""What a process of a test must not have: the powers of root, or room on the disk. For `preexec_fn`."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Callable

_DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP of Linux
_OVERRIDE_MODES = 1  # CAP_DAC_OVERRIDE
_CHANGE_MODES = 3  # CAP_FOWNER


def heed_modes() -> None:
    """Let even root heed the modes of files in the program that is run next. Raises OSError."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for power in (_OVERRIDE_MODES, _CHANGE_MODES):
        if libc.prctl(_DROP_FROM_BOUNDING_SET, power, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "a power of root cannot be dropped")


def no_file_over(size: int) -> Callable[[], None]:
    """No file grows over `size` bytes, as on a disk that is full."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
