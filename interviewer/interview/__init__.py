"""An interview from its plan to its summary: a state machine without I/O, and the session around it."""
