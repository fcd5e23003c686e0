"""The top of the page: the answer in a few sentences, and what would change it."""

from galleria.experiments.report.answer.change import what_would_change
from galleria.experiments.report.answer.sentences import Answer, answers

__all__ = ["Answer", "answers", "what_would_change"]
