"""Figures of a running service: rates, availability, requests in progress, shares of traffic, users of a test."""

from __future__ import annotations

from typing import Final

from tutor.formulas.nouns import Formula, Input, Slip

_FAILED: Final = Input("failed", "count", ("failed requests", "failures", "errors", "failed", "error", "5xx"), draws=(18.0, 30.0, 45.0, 60.0))
_REQUESTS: Final = Input("requests", "count", ("all requests", "requests", "invocations", "total requests", "calls"), draws=(1500.0, 6000.0, 9000.0))

FORMULAS: Final = (
    Formula(
        "concurrency",
        "Concurrency",
        ("concurrency", "concurrent requests", "open at once", "at once", "requests in progress", "in-flight requests", "requests in flight"),
        (
            Input("throughput", "amount", ("throughput", "requests per second", "requests a second", "rps", "req/s"), draws=(40.0, 50.0, 120.0, 200.0)),
            Input("latency", "amount", ("latency", "seconds each", "seconds", "second", "duration"), draws=(0.1, 0.2, 0.25, 0.5), seconds=True),
        ),
        "{throughput} x {latency}",
        unit="requests at once",
        places=1,
        stems=(
            "An endpoint serves [a throughput of {throughput} requests per second] at [a latency of {latency} seconds]. How many requests are in progress at once?",
        ),
        slips=(
            Slip("{throughput} / {latency}", "a division by the latency, which multiplies the throughput"),
            Slip("{throughput}", "the requests of one second"),
            Slip("{throughput} x {latency} x 60", "the work of a minute"),
            Slip("{latency} / {throughput}", "the fraction turned over"),
        ),
    ),
    Formula(
        "error rate",
        "Error rate",
        ("error rate", "failure rate"),
        (_FAILED, _REQUESTS),
        "{failed} / {requests} x 100",
        (r"share of requests that fail\b",),
        unit="%",
        orders=(("failed", "requests"),),
        stems=("CloudWatch shows [{failed} errors] in [{requests} invocations]. What is the error rate?",),
        slips=(
            Slip("{failed} / {requests}", "the share as a fraction, which is not a percentage"),
            Slip("{failed} / ({requests} - {failed}) x 100", "the failures over the successes"),
            Slip("(1 - {failed} / {requests}) x 100", "the share that succeeds"),
            Slip("{requests} / {failed}", "the requests for each failure"),
        ),
    ),
    Formula(
        "availability",
        "Availability",
        ("availability", "uptime"),
        (
            Input(
                "total",
                "amount",
                ("total time", "hours in all", "total hours", "-hour month", "hour month", "hours a month", "hours in the month", "total"),
                draws=(720.0, 744.0),
            ),
            Input("down", "amount", ("downtime", "hours of downtime", "hours down", "down"), draws=(3.6, 7.2, 14.4)),
        ),
        "({total} - {down}) / {total} x 100",
        unit="%",
        orders=(("down", "total"),),
        stems=("A service has [{down} hours of downtime] in [a total time of {total} hours]. What is its availability?",),
        slips=(
            Slip("{down} / {total} x 100", "the share of time that it was down"),
            Slip("(1 - {down} / 100) x 100", "the hours of downtime read as a percentage"),
            Slip("{total} / ({total} + {down}) x 100", "the downtime added to the total time, which holds it already"),
            Slip("(1 - {down} / 24) x 100", "the downtime over one day"),
        ),
    ),
    Formula(
        "request throughput",
        "Throughput",
        ("throughput",),
        (
            Input("completed", "count", ("completed requests", "requests", "completed"), draws=(4800.0, 6000.0, 9000.0)),
            Input("seconds", "amount", ("seconds", "second", "secs"), draws=(60.0, 120.0, 300.0)),
        ),
        "{completed} / {seconds}",
        unit="requests per second",
        places=1,
        stems=("A load test completes [{completed} requests] in [{seconds} seconds]. What is the throughput?",),
        slips=(
            Slip("{completed} / {seconds} x 60", "the rate of a minute"),
            Slip("{seconds} / {completed}", "the fraction turned over: seconds for each request"),
            Slip("{completed} / 60", "the requests over 60, whatever the time"),
            Slip("{completed} / 3600", "the requests over an hour"),
        ),
    ),
    Formula(
        "variant share",
        "Share of traffic",
        ("share of traffic", "traffic share", "share of the traffic", "share of the requests"),
        (
            Input("weight", "amount", ("variant weight", "weight", "its weight"), draws=(1.0, 2.0, 3.0)),
            Input(
                "all", "amount", ("sum of all weights", "sum of weights", "sum of the weights", "total weight", "weights in all"), draws=(4.0, 5.0, 8.0, 10.0)
            ),
        ),
        "{weight} / {all} x 100",
        unit="%",
        orders=(("weight", "all"),),
        places=1,
        stems=("A variant has [a weight of {weight}], and [the sum of all weights is {all}]. Which share of traffic does it get?",),
        slips=(
            Slip("{weight} / ({all} - {weight}) x 100", "the weight over that of the others, not over all"),
            Slip("(1 - {weight} / {all}) x 100", "the share of the others"),
            Slip("{weight} x 10", "the weight read as tenths"),
            Slip("100 / {all}", "an even split by weight one"),
        ),
    ),
    Formula(
        "sample size",
        "Sample size",
        ("sample size", "how many users", "users per variant", "users for each variant", "users per group", "users does each variant need", "n"),
        (
            Input("rate", "share", ("base rate", "baseline rate", "conversion rate", "p"), ("p",), (0.05, 0.1, 0.2)),
            Input(
                "gap",
                "share",
                ("difference to detect", "smallest difference", "minimum detectable effect", "mde", "difference", "detect", "effect"),
                ("d",),
                (0.005, 0.01, 0.02),
            ),
        ),
        "16 x {rate} x (1 - {rate}) / {gap} ^ 2",
        unit="users for each variant",
        places=0,
        whole=True,
        stems=("An A/B test has [a base rate of {rate}] and must detect [a difference of {gap}]. How many users does each variant need by the rule of 16?",),
        slips=(
            Slip("16 x {rate} x (1 - {rate}) / {gap}", "the difference not squared"),
            Slip("16 x {rate} / {gap} ^ 2", "the factor 1 - p left out"),
            Slip("4 x {rate} x (1 - {rate}) / {gap} ^ 2", "4 in place of 16: as if half the difference were doubled"),
            Slip("32 x {rate} x (1 - {rate}) / {gap} ^ 2", "the users of both variants together"),
        ),
    ),
)
