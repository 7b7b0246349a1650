"""Servers that have a table to train on."""

from __future__ import annotations

import pytest

from tests.app.conftest import Server
from tests.app.runs.support import add_table


@pytest.fixture
def trainer(server: Server) -> Server:
    """A server of the test's own, with the projects."""
    add_table(server.data_dir)
    return server


@pytest.fixture(scope="session")
def shared_trainer(shared_server: Server) -> Server:
    """The server that tests share, with the projects."""
    add_table(shared_server.data_dir)
    return shared_server
