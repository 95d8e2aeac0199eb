"""Any input by each way into the program, and what must hold whatever comes: for tests and for proofs."""
