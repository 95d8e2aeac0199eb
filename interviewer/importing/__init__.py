"""A page of interview questions or hints becomes a draft bank, every fact of it traced to a criterion."""
