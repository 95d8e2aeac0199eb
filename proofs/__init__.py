"""Long runs that show what the product promises: `python -m proofs NAME`. Tests run shorter ones."""
