import functools

TRAIL = []


def audited(action):
    """Record each call of the decorated function under the name of an action."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args):
            TRAIL.append(action)
            return function(*args)

        return wrapper

    return decorate
