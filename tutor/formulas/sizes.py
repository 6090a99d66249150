"""How large a model is: its parameters, the memory of its weights, the file that they make."""

from __future__ import annotations

from typing import Final

from tutor.formulas.nouns import Formula, Input, Slip

PARAMETERS: Final = Input("parameters", "amount", ("parameters", "params", "weights", "parameter"), draws=(25e6, 110e6, 350e6, 1.3e9, 7e9, 13e9))
BYTES: Final = Input("bytes", "amount", ("bytes per parameter", "bytes each", "bytes per weight", "bytes"), draws=(1.0, 2.0, 4.0))
BITS: Final = Input("bits", "count", ("bits per parameter", "bits per weight", "bits each", "bits", "bit"), draws=(4.0, 8.0, 16.0, 32.0))

FORMULAS: Final = (
    Formula(
        "memory for weights",
        "Memory for weights",
        (
            "memory for weights",
            "do its weights take",
            "weights take",
            "weights need",
            "memory for the weights",
            "weight memory",
            "memory do the weights",
            "memory of the weights",
            "gpu memory for the weights",
            "how much memory",
        ),
        (PARAMETERS, BYTES),
        "{parameters} x {bytes} / 1,000,000,000",
        unit="GB",
        places=2,
        stems=("A model has [{parameters} parameters], stored with [{bytes} bytes per parameter]. How many GB do its weights take?",),
        slips=(
            Slip("{parameters} / {bytes} / 1,000,000,000", "a division by the bytes, which multiply the memory"),
            Slip("{parameters} / 1,000,000,000", "one byte a parameter"),
            Slip("{parameters} x {bytes} / 8 / 1,000,000,000", "bytes read as bits"),
            Slip("{parameters} x {bytes} x 8 / 1,000,000,000", "the size in gigabits"),
        ),
    ),
    Formula(
        "model size",
        "Model size",
        ("model size", "size of the model", "how large is the model", "how big is the model", "mb is the model"),
        (PARAMETERS, BITS),
        "{parameters} x {bits} / 8 / 1,000,000",
        unit="MB",
        places=1,
        stems=(
            "A network has [{parameters} parameters] and stores each with [{bits} bits]. How many MB is the model?",
            "Weights of [{parameters} parameters] are quantized to [{bits} bits]. What model size in MB results?",
        ),
        slips=(
            Slip("{parameters} x {bits} / 1,000,000", "bits counted as bytes"),
            Slip("{parameters} / {bits} / 1,000,000", "a division by the bits, which multiply the size"),
            Slip("{parameters} / 1,000,000", "one byte a parameter, whatever the bits"),
            Slip("{parameters} x {bits} / 16 / 1,000,000", "half of it"),
        ),
    ),
    Formula(
        "lora parameters",
        "LoRA parameters",
        ("lora parameters", "trainable lora parameters", "lora params", "lora adapter parameters", "lora"),
        (
            Input("rank", "count", ("rank", "r"), draws=(4.0, 8.0, 16.0)),
            Input("rows", "count", ("rows",), draws=(1024.0, 4096.0)),
            Input("columns", "count", ("columns", "cols"), draws=(2048.0, 4096.0, 8192.0)),
        ),
        "{rank} x ({rows} + {columns})",
        unit="parameters",
        places=0,
        stems=("LoRA with [rank {rank}] is added to a weight matrix of [{rows} rows] and [{columns} columns]. How many parameters are trained?",),
        slips=(
            Slip("{rows} x {columns}", "the whole matrix, which LoRA leaves frozen"),
            Slip("{rank} x {rows} x {columns}", "rank times the whole matrix"),
            Slip("{rank} x {rows}", "one of the two small matrices alone"),
            Slip("{rank} x {columns}", "one of the two small matrices alone"),
            Slip("{rows} + {columns}", "the sum of the sides without the rank"),
        ),
    ),
    Formula(
        "embedding parameters",
        "Embedding parameters",
        ("embedding parameters", "embedding table parameters", "parameters of the embedding", "embedding hold"),
        (
            Input("vocabulary", "count", ("vocabulary", "vocabulary of", "words", "tokens", "vocab"), draws=(20000.0, 30000.0, 50000.0)),
            Input("width", "count", ("width", "width of", "dimensions", "dimension", "embedding width"), draws=(256.0, 384.0, 768.0, 1024.0)),
        ),
        "{vocabulary} x {width}",
        unit="parameters",
        places=0,
        stems=("A language model has [a vocabulary of {vocabulary} words] and [a width of {width}]. How many parameters does its embedding hold?",),
        slips=(
            Slip("{vocabulary} + {width}", "the sum of the two"),
            Slip("{vocabulary} x {width} x 2", "twice the product"),
            Slip("{vocabulary} x {width} / 2", "half of the product"),
            Slip("{width} x {width}", "width times width, without the vocabulary"),
        ),
    ),
)
