"""Whether a run may stand: what it depends on, what it is held against, what is asked of it, and how it ends."""
