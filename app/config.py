"""What a server is told when it starts: where it listens, where it keeps things, how much it takes."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

MEGABYTE = 1024 * 1024
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


QUOTA = Path("/sys/fs/cgroup/cpu.max")


def cores(quota: Path = QUOTA) -> int:
    """Processor cores that this process may use: those it may run on, or what a container has of their time."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        allotted, period = quota.read_text(encoding="ascii").split()
        return max(1, min(found, int(allotted) // int(period)))
    except (OSError, ValueError):
        return found  # no container, or one without a limit ("max")


@dataclass(frozen=True)
class Limits:
    """The numbers that we publish; each has a refusal in words and a test."""

    json_bytes: int = 2 * MEGABYTE
    model_bytes: int = 10 * MEGABYTE
    upload_bytes: int = 256 * MEGABYTE
    json_depth: int = 100
    json_number_length: int = 400
    json_keys: int = 20_000  # in one object: a graph of 10,000 nodes holds far more than that in all
    head_bytes: int = 32 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 60.0  # waited for a body, and a second more for so many bytes that came
    body_bytes_per_second: int = 32 * 1024
    streams: int = 512
    runs_running: int = field(default_factory=cores)
    runs_queued: int = 100
    training_threads: int = field(default_factory=lambda: max(1, cores() - 1))  # of all runs; pages keep a core
    free_bytes: int = 200 * MEGABYTE


@dataclass(frozen=True)
class Config:
    """One server. `public_origins` are further addresses that browsers reach it by, such as a proxy's.

    examples: whether a new data folder is given the examples.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public_origins: tuple[str, ...] = ()
    examples: bool = True
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        for origin in self.public_origins:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != origin:
                raise ValueError(f"'{origin}' is no origin. Write it like https://models.example.org")

    @property
    def address(self) -> str:
        """Where a person on this machine finds the pages."""
        return f"http://{_authority(_bracketed(self.host), self.port)}"

    @property
    def origins(self) -> Mapping[str, str]:
        """Every Host header that is answered, with the one Origin that may change things through it."""
        names = {*LOOPBACK_NAMES, _bracketed(self.host)} - {"0.0.0.0", "[::]"}
        ours = [f"http://{_authority(name, self.port)}" for name in sorted(names)]
        every = [origin.lower() for origin in (*ours, *self.public_origins)]
        return {origin.partition("://")[2]: origin for origin in every}

    @property
    def allowed_hosts(self) -> frozenset[str]:
        return frozenset(self.origins)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _authority(name: str, port: int) -> str:
    return name if port == 80 else f"{name}:{port}"
