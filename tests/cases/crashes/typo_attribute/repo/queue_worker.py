import logging

log = logging.getLogger("worker")


class Job:
    def __init__(self, name, retries=0):
        self.name = name
        self.retries = retries
        self.last_error = None

    def fail(self, error):
        self.retries += 1
        self.last_error = str(error)


class Worker:
    def __init__(self, max_retries=3):
        self.max_retries = max_retries
        self.dead = []

    def run(self, job, action):
        """True when the action went through; jobs that failed too often are put aside."""
        try:
            action(job)
        except Exception as error:
            job.fail(error)
            log.warning("job %s failed: %s", job.name, job.last_eror)
            if job.retries >= self.max_retries:
                self.dead.append(job)
            return False
        return True
