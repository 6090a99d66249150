"""Our pipeline beside the one that people build first (peer.py), over the same notes and questions on one machine."""
