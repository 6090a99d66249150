"""One part of the tutor each: what is put to it, and what came of every single case."""
