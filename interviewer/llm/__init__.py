"""One client for any OpenAI-compatible service: asked as it takes it, with one policy of retries."""
