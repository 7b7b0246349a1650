"""Which names a server goes by, and which origins may change things through each."""

from pathlib import Path

import pytest

from app.config import Config, cores


def test_a_server_goes_by_the_loopback_names_with_its_port() -> None:
    config = Config(Path("x"), port=8123)
    assert config.allowed_hosts == {"localhost:8123", "127.0.0.1:8123", "[::1]:8123"}
    assert config.origins["localhost:8123"] == "http://localhost:8123"
    assert config.address == "http://127.0.0.1:8123"


def test_browsers_leave_out_port_80() -> None:
    assert Config(Path("x"), port=80).allowed_hosts == {"localhost", "127.0.0.1", "[::1]"}


def test_the_address_it_listens_on_is_a_name_unless_it_is_all_of_them() -> None:
    assert "192.168.1.5:8000" in Config(Path("x"), "192.168.1.5").allowed_hosts
    assert "[fe80::1]:8000" in Config(Path("x"), "fe80::1").allowed_hosts
    for every in ("0.0.0.0", "::"):
        assert Config(Path("x"), every).allowed_hosts == Config(Path("x")).allowed_hosts


def test_a_proxy_brings_its_own_name_and_scheme() -> None:
    config = Config(Path("x"), public_origins=("https://Models.example.org",))
    assert config.origins["models.example.org"] == "https://models.example.org"
    assert "models.example.org:8000" not in config.allowed_hosts


@pytest.mark.parametrize(
    "origin", ["models.example.org", "https://a.org/", "https://a.org/b", "ftp://a.org", "null", ""]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        Config(Path("x"), public_origins=(origin,))


@pytest.mark.parametrize(("told", "allotted"), [("100000 100000", 1), ("150000 100000", 1), ("9900000 100000", None)])
def test_a_container_has_as_many_cores_as_it_is_allotted(tmp_path: Path, told: str, allotted: int | None) -> None:
    quota = tmp_path / "cpu.max"
    assert cores(quota) == cores(tmp_path / "none") >= 1
    quota.write_text(told + "\n")
    assert cores(quota) == (allotted or cores(tmp_path / "none"))
    quota.write_text("max 100000\n")
    assert cores(quota) == cores(tmp_path / "none")
