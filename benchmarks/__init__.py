"""What the product costs in time and memory: `python -m benchmarks` runs them all."""
