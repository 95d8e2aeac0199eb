"""What is written for people and programs to keep: transcripts, progress and agreement."""
