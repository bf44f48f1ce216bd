"""Ports on which processes listen, and which of them are open still."""

from __future__ import annotations

import socket
from collections.abc import Iterable

import psutil


def listening(pids: Iterable[int]) -> list[int]:
    """The ports that these processes listen on."""
    found: set[int] = set()
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections("inet")
        except psutil.Error:
            continue
        found |= {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}
    return sorted(found)


def open_ports(ports: Iterable[int]) -> list[int]:
    """Those of the ports on which somebody on this machine answers."""
    return [port for port in ports if _answers(port)]


def _answers(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(5)
        return client.connect_ex(("127.0.0.1", port)) == 0
