class Bus:
    def __init__(self):
        self._listeners = []

    def subscribe(self, listener):
        self._listeners.append(listener)

    def unsubscribe(self, listener):
        """Stop telling the listener; one that is not subscribed is ignored."""
        self._listeners.remove(listener)

    def publish(self, event):
        for listener in list(self._listeners):
            listener(event)
