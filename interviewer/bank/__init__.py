"""Banks of questions and their rubrics: read, checked, and told by file and line where they are wrong."""
