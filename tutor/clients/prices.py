"""A model and the tokens it took in; an estimate of their cost in US dollars out.

List prices on demand in US East, as published by November 2026. A regional inference profile may cost a tenth more, cached
tokens cost less: the figure is an estimate, and TUTOR_PRICE replaces it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from tutor.errors import InputError


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a million tokens, in and out."""

    input: float
    output: float


FREE: Final = Price(0.0, 0.0)
LIST: Final = {
    "anthropic.claude-3-haiku": Price(0.25, 1.25),
    "anthropic.claude-3-sonnet": Price(3.0, 15.0),
    "anthropic.claude-3-opus": Price(15.0, 75.0),
    "anthropic.claude-3-5-haiku": Price(0.8, 4.0),
    "anthropic.claude-3-7-sonnet": Price(3.0, 15.0),
    "anthropic.claude-haiku-4-5": Price(1.0, 5.0),
    "anthropic.claude-sonnet-4": Price(3.0, 15.0),
    "anthropic.claude-opus-4-2": Price(15.0, 75.0),  # Opus 4 itself: its name goes on with a date
    "anthropic.claude-opus-4-1": Price(15.0, 75.0),
    "anthropic.claude-opus-4-5": Price(5.0, 25.0),
    "anthropic.claude-opus-4-6": Price(5.0, 25.0),
    "anthropic.claude-opus-4-7": Price(5.0, 25.0),
    "amazon.nova-micro": Price(0.035, 0.14),
    "amazon.nova-lite": Price(0.06, 0.24),
    "amazon.nova-pro": Price(0.8, 3.2),
    "amazon.nova-2-lite": Price(0.3, 2.5),
    "meta.llama3-1-8b": Price(0.22, 0.22),
    "meta.llama3-3-70b": Price(0.72, 0.72),
    "mistral.mistral-7b": Price(0.15, 0.2),
    "mistral.mixtral-8x7b": Price(0.45, 0.7),
    "openai.gpt-oss-20b": Price(0.07, 0.3),
    "openai.gpt-oss-120b": Price(0.15, 0.6),
    "deepseek.r1": Price(1.35, 5.4),
}
"""By the part of a Bedrock model id that names the model, inference profiles and ARNs included."""


def price(model: str, override: str = "", local: bool = False) -> Price | None:
    """The price of a model, "provider:name"; `override` is TUTOR_PRICE, "in,out". Nothing for a model that runs on this
    machine or in its network, None where it is not known. Raises InputError for an override that is no price."""
    if override:
        return _read(override)
    if local:
        return FREE
    provider, _, name = model.partition(":")
    return next((p for part, p in LIST.items() if provider == "bedrock_converse" and part in name), None)


def cost(price: Price | None, tokens: tuple[int, int]) -> float | None:
    """US dollars for tokens in and out; None where the price is not known."""
    return None if price is None else (tokens[0] * price.input + tokens[1] * price.output) / 1_000_000


def _read(text: str) -> Price:
    try:
        given = [float(part) for part in text.split(",")]
    except ValueError:
        given = []
    if len(given) != 2 or not all(math.isfinite(value) and value >= 0 for value in given):
        raise InputError('TUTOR_PRICE must be two prices in US dollars a million tokens, in and out, such as "0.25,1.25".')
    return Price(*given)
