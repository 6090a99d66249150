"""The fact matrix: things x attributes that an index's notes hold, each cell with the place it stands at."""

from tutor.facts.matrix import build, holds
from tutor.facts.names import same
from tutor.facts.nouns import Fact, FactKind, Group, GroupKind, Matrix

__all__ = ["Fact", "FactKind", "Group", "GroupKind", "Matrix", "build", "holds", "same"]
