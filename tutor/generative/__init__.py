"""The teacher that speaks through a language model, every sentence of it checked against the notes before it is shown."""
