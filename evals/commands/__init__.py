"""The commands of `python -m evals`: the gate and what is around it, the measurements, the fitting of numbers.

Each module adds its commands to a parser; a command's function takes the parsed options and returns the exit status.
"""
