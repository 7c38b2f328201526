"""Running a repository's tests and reading what they prove."""
