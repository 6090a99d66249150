"""Questions that a chat model drafts: held to the same proof as all others, mended once, dropped otherwise."""

from tutor.questions.drafting.turns import written

__all__ = ["written"]
