"""The program, for tests of its commands."""

from tests.support.program import program

__all__ = ["program"]
