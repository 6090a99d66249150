"""Our pipeline beside the one that people build first (evals/peer.py), over the same notes and questions on one machine."""
