"""The real program killed at random moments: processes, a candidate who talks to them, and what is left."""
