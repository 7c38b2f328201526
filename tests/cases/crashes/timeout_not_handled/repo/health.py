"""Health of the services behind the gateway."""
import socket


class Probe:
    def __init__(self, connect=socket.create_connection):
        self.connect = connect

    def is_up(self, host: str, port: int) -> bool:
        """Whether somebody accepts connections there; False when nobody answers."""
        try:
            self.connect((host, port), timeout=2.0).close()
        except ConnectionRefusedError:
            return False
        return True


def down(probe: Probe, targets: list[tuple[str, int]]) -> list[str]:
    return [host for host, port in targets if not probe.is_up(host, port)]
