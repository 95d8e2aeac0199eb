"""What is seen and typed on a terminal."""
