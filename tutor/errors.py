"""The one error family. Every message is a sentence for the reader; edges print it and exit with status 1.

TutorError
├── InputError       a path, question or option that cannot be used
├── NoteError        a note that cannot be read (ingest lists it and goes on)
├── IndexMissing     there is no index yet
├── IndexStale       made by another model, splitter or schema: rebuild it
├── IndexDamaged     a file of the index does not match its digest
├── IndexBusy        another ingest is running
├── WeightsMissing   the embedding weights are not on this machine
└── ModelFailed      a language model gave nothing that can be shown; the answer from the notes stands
    ├── ModelUnusable     it cannot be set up: its package, provider, name, region or address
    ├── ModelDenied       no credentials, or no right to use it
    ├── ModelBusy         throttled or overloaded, still so after the retries
    ├── ModelSlow         it did not answer in time
    ├── ModelUnreachable  no connection, a failing server, a stream that was cut
    ├── ModelOverlong     the prompt does not fit into its context
    ├── ModelDeclined     it refused, or a guardrail stopped it
    └── ModelGarbled      an empty or malformed reply
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


class ModelFailed(TutorError):
    """A language model gave nothing that can be shown."""


class ModelUnusable(ModelFailed):
    """The model cannot be set up as configured."""


class ModelDenied(ModelFailed):
    """Credentials are missing or expired, or give no right to the model."""


class ModelBusy(ModelFailed):
    """Throttled or overloaded, still so after the retries."""


class ModelSlow(ModelFailed):
    """A deadline passed: to the first piece, between two pieces, or in all."""


class ModelUnreachable(ModelFailed):
    """No connection, a failing server, or a stream that was cut."""


class ModelOverlong(ModelFailed):
    """The prompt does not fit into the model's context."""


class ModelDeclined(ModelFailed):
    """The model refused, or a guardrail or content filter stopped it."""


class ModelGarbled(ModelFailed):
    """An empty or malformed reply."""
