"""Text in, a number of tokens out: tiktoken's where its encoding is on this machine, else a labelled estimate.

No chat model here is read with its own tokenizer; the count is for budgets. tiktoken fetches an encoding that it does
not find, and deletes a damaged one to fetch it anew: so it is only asked for a file that is there and whole.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tiktoken import Encoding

BYTES: Final = 3.0
"""UTF-8 bytes a token, where no encoding is at hand: technical English has 3.1 characters a token or more."""

_NAME: Final = "o200k_base"
_FILE: Final = "fb374d419588a4632f3f557e76b4b70aebbca790"
"""What tiktoken calls the encoding's file in its cache: the sha1 of the address it comes from."""
_SHA256: Final = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts tokens by an encoding; by an estimate where there is none."""

    encoding: Encoding | None = None

    def __call__(self, text: str) -> int:
        """The tokens of a text; special tokens in it are text like any other."""
        if self.encoding is None:
            return -int(-len(text.encode("utf-8", "replace")) // BYTES)
        return len(self.encoding.encode(text, disallowed_special=()))

    @property
    def label(self) -> str:
        """What the counts are: the encoding's name, or that they are estimates."""
        return f"tiktoken {self.encoding.name}" if self.encoding else f"estimate ({BYTES:g} bytes a token)"


@cache
def counter() -> Counter:
    """The counter of this machine. Touches no network."""
    if not _whole(_cached()):
        return Counter()
    import tiktoken

    return Counter(tiktoken.get_encoding(_NAME))


def _cached() -> Path:
    """Where tiktoken keeps the encoding; "" as its folder turns its cache off."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR", os.environ.get("DATA_GYM_CACHE_DIR", str(Path(tempfile.gettempdir()) / "data-gym-cache")))
    return Path(folder or os.devnull) / _FILE


def _whole(path: Path) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == _SHA256
    except OSError:
        return False
