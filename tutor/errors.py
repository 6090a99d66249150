"""The one error family. Every message is a sentence for the reader; edges print it and exit with status 1.

TutorError
├── InputError       a path, question or option that cannot be used
├── NoteError        a note that cannot be read (ingest lists it and goes on)
├── IndexMissing     there is no index yet
├── IndexStale       made by another model, splitter or schema: rebuild it
├── IndexDamaged     a file of the index does not match its digest
├── IndexBusy        another ingest is running
└── WeightsMissing   the embedding weights are not on this machine
"""


class TutorError(Exception):
    """Base of every error that a reader is meant to see."""


class InputError(TutorError):
    """The caller's input is at fault."""


class NoteError(TutorError):
    """A note cannot be read; the message says why, without the note's name."""


class IndexMissing(TutorError):
    """No index where one was expected."""


class IndexStale(TutorError):
    """The index was made by another embedding model, splitter or schema."""


class IndexDamaged(TutorError):
    """A file of the index is missing or does not match its digest."""


class IndexBusy(TutorError):
    """Another process is writing the index."""


class WeightsMissing(TutorError):
    """The embedding model's files are not there, or are not the ones expected."""
