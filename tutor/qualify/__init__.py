"""A language model in, what it is fit for out: twenty small tasks, each checked by code."""

from tutor.qualify.examination import LEAST, Fitness, Progress, Result, examine, known, report, table

__all__ = ["LEAST", "Fitness", "Progress", "Result", "examine", "known", "report", "table"]
