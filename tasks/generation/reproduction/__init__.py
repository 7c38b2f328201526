"""Reproducing tests, written from an incident when no test of the repository fails."""

from tasks.generation.reproduction.outcome import Reproduction
from tasks.generation.reproduction.writer import write_reproducing_test

__all__ = ["Reproduction", "write_reproducing_test"]
