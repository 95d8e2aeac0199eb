"""Many answers at once: JSON lines in, graded lines out, in order, resumable."""
