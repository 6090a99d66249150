"""The study tutor: a question in, an answer out whose every sentence shows the words in the notes it rests on."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a question is too small to share: threads that wait for a core cost more than they bring

from tutor.errors import TutorError
from tutor.session import Tutor, load
from tutor.types import Answer, Citation, Hit, Note, Passage, Statement, Turn

__all__ = ["Answer", "Citation", "Hit", "Note", "Passage", "Statement", "Turn", "Tutor", "TutorError", "load"]
