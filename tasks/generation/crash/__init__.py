"""Crash templates: mends chosen by the exception, the code that raised it and the conventions around it."""

from tasks.generation.crash.technique import CrashTemplateSource

__all__ = ["CrashTemplateSource"]
