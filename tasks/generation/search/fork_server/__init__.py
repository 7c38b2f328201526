"""Runs inside the sandbox with the repository's interpreter: collects tests once, then tries candidates in forks.

Standalone on purpose: the standard library and the repository's own pytest (6 or newer) are all that it imports, and it
keeps to syntax that Python 3.8 reads.
"""
