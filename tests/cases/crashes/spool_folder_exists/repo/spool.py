import os


def open_spool(base, queue):
    """Folder in which the queue's messages lie; made when needed."""
    path = os.path.join(base, queue)
    os.mkdir(path)
    return path


def put(base, queue, name, data):
    path = os.path.join(open_spool(base, queue), name)
    with open(path, "wb") as handle:
        handle.write(data)
    return path
