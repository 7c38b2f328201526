"""Search-based program repair: localize by spectrum, try small edits, keep what passes, rank what remains."""

from tasks.generation.search.source import SearchSource

__all__ = ["SearchSource"]
