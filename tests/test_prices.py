"""Prices by model id and by TUTOR_PRICE, and what tokens cost by them."""

from __future__ import annotations

import pytest

from tutor.clients import prices
from tutor.clients.prices import FREE, LIST, Price
from tutor.errors import InputError

HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.mark.parametrize("name", [HAIKU, f"us.{HAIKU}", f"global.{HAIKU}", f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.{HAIKU}"])
def test_a_model_has_one_price_under_all_its_ids(name: str) -> None:
    assert prices.price(f"bedrock_converse:{name}") == Price(1.0, 5.0)


@pytest.mark.parametrize(
    ("name", "price"),
    [
        ("anthropic.claude-opus-4-20250514-v1:0", Price(15.0, 75.0)),
        ("anthropic.claude-opus-4-1-20250805-v1:0", Price(15.0, 75.0)),
        ("us.anthropic.claude-opus-4-6-v1", Price(5.0, 25.0)),
        ("anthropic.claude-sonnet-4-6", Price(3.0, 15.0)),
        ("amazon.nova-lite-v1:0", Price(0.06, 0.24)),
        ("us.amazon.nova-2-lite-v1:0", Price(0.3, 2.5)),
        ("openai.gpt-oss-120b-1:0", Price(0.15, 0.6)),
    ],
)
def test_neighbouring_names_are_told_apart(name: str, price: Price) -> None:
    assert prices.price(f"bedrock_converse:{name}") == price


def test_no_id_fits_two_prices() -> None:
    assert not [(a, b) for a in LIST for b in LIST if a != b and a in b]


def test_what_is_not_known_has_no_price() -> None:
    assert prices.price("bedrock_converse:acme.model-v1:0") is None
    assert prices.price(f"openai:{HAIKU}") is None  # another service, other prices
    assert prices.cost(None, (1000, 1000)) is None


def test_a_local_model_costs_nothing_unless_somebody_says_so() -> None:
    assert prices.price("ollama:llama3.2", local=True) == FREE
    assert prices.cost(FREE, (10**9, 10**9)) == 0.0
    assert prices.price("ollama:llama3.2", "1, 2", local=True) == Price(1.0, 2.0)


def test_tokens_cost_their_millionth() -> None:
    assert prices.cost(Price(3.0, 15.0), (2_000, 100)) == pytest.approx(0.0075)


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,b", "-1,2", "nan,1", "inf,1", "1;2", ","])
def test_a_price_that_is_none_is_the_readers_to_mend(text: str) -> None:
    with pytest.raises(InputError, match="TUTOR_PRICE must be two prices"):
        prices.price("ollama:llama3.2", text)
