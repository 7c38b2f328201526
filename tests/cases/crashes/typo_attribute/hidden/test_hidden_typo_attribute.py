from queue_worker import Job, Worker


def boom(job):
    raise RuntimeError("no route")


def test_failed_job_is_retried_then_dead():
    worker, job = Worker(max_retries=2), Job("mail")
    assert worker.run(job, boom) is False
    assert worker.dead == []
    assert worker.run(job, boom) is False
    assert worker.dead == [job]
    assert job.last_error == "no route"
