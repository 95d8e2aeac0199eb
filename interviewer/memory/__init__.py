"""Memory: what all interviews together showed, and what to ask again, when. Rules without I/O or a clock."""
