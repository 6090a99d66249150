"""Cost comparisons: prices per prediction, per month and per kind of capacity, and where two of them meet."""

from __future__ import annotations

from typing import Final

from tutor.formulas.nouns import Formula, Input, Slip

_PRICE: Final = Input(
    "price",
    "amount",
    ("price per hour", "dollars per hour", "dollars an hour", "per hour", "an hour", "hourly price", "price of an hour", "price"),
    draws=(0.5, 0.8, 1.2, 2.4, 3.0),
)
_INSTANCES: Final = Input("instances", "count", ("instances", "instance", "machines"), draws=(2.0, 3.0, 4.0), default=1.0)
_HOURS: Final = Input("hours", "amount", ("hours a month", "hours per month", "hours", "hrs"), draws=(200.0, 300.0, 500.0, 730.0))
_DISCOUNT: Final = Input("discount", "share", ("discount", "off", "saving", "cheaper"), draws=(0.25, 0.3, 0.4, 0.6))

FORMULAS: Final = (
    Formula(
        "endpoint cost",
        "Cost of the endpoint",
        (
            "cost of the endpoint",
            "cost of an endpoint",
            "endpoint cost",
            "cost a month",
            "cost in a month",
            "cost in that month",
            "endpoint cost per month",
            "cost of the endpoint per month",
            "monthly cost",
            "monthly endpoint cost",
            "cost per month",
            "endpoint's cost",
        ),
        (_PRICE, _INSTANCES, _HOURS),
        "{price} x {instances} x {hours}",
        unit="dollars",
        stems=(
            "A real-time endpoint runs on [{instances} instances] at [{price} dollars per hour] for [{hours} hours] a month. What does it cost in that month?",
        ),
        slips=(
            Slip("{price} x {hours}", "the cost of one instance alone"),
            Slip("{price} x {instances} x 24", "the cost of one day"),
            Slip("{price} x {instances}", "the cost of one hour"),
            Slip("{price} x {hours} / {instances}", "a division by the instances, which multiply the cost"),
        ),
    ),
    Formula(
        "cost per prediction",
        "Cost per prediction",
        ("cost per prediction", "cost per inference", "price per prediction", "cost of one prediction", "cost of a prediction"),
        (
            _PRICE,
            Input(
                "predictions",
                "count",
                ("predictions per hour", "predictions an hour", "inferences per hour", "requests per hour", "predictions"),
                draws=(8000.0, 10000.0, 24000.0, 40000.0),
            ),
        ),
        "{price} / {predictions}",
        unit="dollars",
        places=8,
        stems=("An instance costs [{price} dollars per hour] and serves [{predictions} predictions per hour]. What is its cost per prediction in dollars?",),
        slips=(
            Slip("{predictions} / {price}", "the fraction turned over: predictions for a dollar"),
            Slip("{price} / {predictions} x 24", "a day's price over an hour's predictions"),
            Slip("{price} / ({predictions} x 60)", "predictions of an hour read as those of a minute"),
            Slip("{price} / {predictions} x 1,000", "the cost of a thousand predictions"),
        ),
    ),
    Formula(
        "break-even requests",
        "Break-even requests",
        ("break-even requests", "break-even", "break even", "breakeven", "break-even point", "is the instance cheaper", "is an instance cheaper"),
        (
            Input(
                "monthly",
                "amount",
                (
                    "monthly instance cost",
                    "instance cost per month",
                    "instance cost",
                    "instance costs",
                    "dollars a month",
                    "dollars per month",
                    "per month",
                    "a month",
                    "monthly cost",
                    "provisioned cost",
                ),
                draws=(120.0, 180.0, 365.0, 500.0),
            ),
            Input(
                "each",
                "amount",
                ("serverless cost per request", "cost per request", "per request", "a request", "price per request", "each request"),
                draws=(0.00001, 0.000016, 0.00002, 0.00005),
            ),
        ),
        "{monthly} / {each}",
        unit="requests a month",
        places=0,
        stems=(
            "An instance costs [{monthly} dollars per month]; serverless inference costs [{each} dollars per request]. From how many requests a month is the instance cheaper?",
        ),
        slips=(
            Slip("{monthly} / {each} / 30", "the requests of one day"),
            Slip("{monthly} / {each} x 12", "the requests of a year"),
            Slip("{monthly} / ({each} x 1,000)", "the price of one request read as that of a thousand"),
            Slip("{monthly} / {each} x 2", "twice the point where both cost the same"),
        ),
    ),
    Formula(
        "break-even use",
        "Break-even use",
        ("break-even use", "break-even", "break even", "break-even utilization", "break even utilisation", "hours must it run", "pay off", "pays off"),
        (_DISCOUNT,),
        "(1 - {discount}) x 100",
        unit="% of the hours",
        places=0,
        stems=("A one-year commitment gives [a discount of {discount}] on the On-Demand price. From which share of the hours does it pay off?",),
        slips=(
            Slip("{discount} x 100", "the discount itself: the use at which a plan pays off is one minus it"),
            Slip("(1 - {discount} / 2) x 100", "one minus half of the discount"),
            Slip("{discount} / (1 - {discount}) x 100", "the discount over the price that is left"),
            Slip("(1 - {discount}) x 50", "half of it"),
        ),
    ),
    Formula(
        "token cost",
        "Cost per request",
        ("cost per request", "cost of the request", "cost of a request", "price of the request", "request cost", "one call cost", "a call cost"),
        (
            Input("tokens_in", "count", ("input tokens", "tokens in", "prompt tokens"), draws=(1000.0, 2000.0, 3000.0)),
            Input("price_in", "amount", ("input price", "price of input", "per input token", "input token price"), draws=(0.000003, 0.000002)),
            Input("tokens_out", "count", ("output tokens", "tokens out", "completion tokens"), draws=(200.0, 400.0, 500.0)),
            Input("price_out", "amount", ("output price", "price of output", "per output token", "output token price"), draws=(0.000015, 0.00001)),
        ),
        "{tokens_in} x {price_in} + {tokens_out} x {price_out}",
        unit="dollars",
        places=4,
        stems=(
            "A request has [{tokens_in} input tokens] and [{tokens_out} output tokens]; [the input price is {price_in} dollars] and [the output price is {price_out} dollars] for each token. What does the request cost?",
        ),
        slips=(
            Slip("{tokens_in} x {price_in}", "the input alone"),
            Slip("{tokens_out} x {price_out}", "the output alone"),
            Slip("({tokens_in} + {tokens_out}) x {price_in}", "all tokens at the price of input"),
            Slip("({tokens_in} + {tokens_out}) x {price_out}", "all tokens at the price of output"),
        ),
    ),
)
