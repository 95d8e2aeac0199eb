"""A mock interviewer whose grades can be checked: every credited point quotes the candidate."""

__version__ = "0.1.0"
