"""Scenes in which hostile text meets every command, from each place that text can come from.

`tests/hostile` plays them with a few texts that hold many, `proofs/hostile.py` with each text by itself.
"""
