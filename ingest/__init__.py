"""Notes in, index out: read files, split them into passages, build a generation on disk."""
