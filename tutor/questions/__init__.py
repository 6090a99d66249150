"""New questions from notes: made of the fact matrix, checked, and proven by the words they lean on."""

from tutor.questions.draw import Deck, Section, Wish, kinds, level, number

__all__ = ["Deck", "Section", "Wish", "kinds", "level", "number"]
