"""Long runs that show what the product promises: `python -m proofs NAME`. Shorter ones of the same kind run as tests."""
