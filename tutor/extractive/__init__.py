"""The teacher that needs no model: it chooses sentences of the notes and arranges them."""
