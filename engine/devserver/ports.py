"""Free ports on the loopback interface."""

import itertools
import random
import socket

HOST = "127.0.0.1"

# Below those that the system gives to outgoing connections: while a server is down, such a connection could take its
# port, even one of its own clients trying to reach it. And Temporal on PostgreSQL takes no port above 32767.
_RANGE = range(20_000, 32_768)


def answers(port: int) -> bool:
    """Whether something listens at the port."""
    try:
        with socket.create_connection((HOST, port), timeout=1.0):
            return True
    except OSError:
        return False


def is_free(port: int) -> bool:
    """Whether a server could listen at the port now."""
    if answers(port):
        return False
    with socket.socket() as probe:
        # Without this a port that a killed server has just left counts as busy for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def prefer(port: int) -> int:
    """`port` if it is free, else any free one."""
    return port if is_free(port) else some_free(1)[0]


def some_free(count: int) -> list[int]:
    """`count` different free ports. In the rare case that one is taken before it is used, the server does not start."""
    candidates = random.sample(_RANGE, len(_RANGE))
    found = list(itertools.islice((port for port in candidates if is_free(port)), count))
    if len(found) < count:
        raise OSError(f"fewer than {count} ports between {_RANGE.start} and {_RANGE.stop} are free")
    return found
