"""The study tutor: a question in, a checked answer out."""
