class Copier:
    def __init__(self, on_progress=None):
        self.on_progress = on_progress
        self.copied = 0

    def copy(self, chunks):
        """Copy the chunks; returns the number of bytes. Progress is reported to `on_progress` when there is one."""
        for chunk in chunks:
            self.copied += len(chunk)
            self.on_progress(self.copied)
        return self.copied
