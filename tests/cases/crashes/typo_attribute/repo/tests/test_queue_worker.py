from queue_worker import Job, Worker


def test_run_returns_true():
    seen = []
    assert Worker().run(Job("mail"), seen.append) is True
    assert seen[0].name == "mail"


def test_fail_counts():
    job = Job("mail")
    job.fail("boom")
    assert job.retries == 1
