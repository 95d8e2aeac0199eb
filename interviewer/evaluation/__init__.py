"""How far a grader agrees with people: labelled answers in, measures with intervals out. No I/O."""
