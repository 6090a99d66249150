"""The guard on the network catches what it is there for; shown on planted tests in a run of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from network import Blocked, Watch

PLANTED = {
    "connects": "socket.create_connection(('192.0.2.1', 80), 0.1)",
    "connects_by_status": "with socket.socket() as s:\n        s.connect_ex(('192.0.2.1', 80))",
    "sends": "with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:\n        s.sendto(b'x', ('192.0.2.1', 53))",
    "connects_by_six": "with socket.socket(socket.AF_INET6) as s:\n        s.connect(('2001:db8::1', 80))",
    "looks_up": "socket.getaddrinfo('example.org', 443)",
    "looks_up_by_name": "socket.gethostbyname('example.org')",
    "looks_back": "socket.gethostbyaddr('192.0.2.1')",
    "swallows": "try:\n        socket.getaddrinfo('example.org', 443)\n    except OSError:\n        pass",
    "leaves_it_to_a_thread": "t = threading.Thread(target=socket.socket().connect_ex, args=(('192.0.2.1', 80),))\n    t.start()\n    t.join()",
    "asks_a_client": "httpx.get('http://example.org/')",
    "asks_aws": "boto3.client('sts', region_name='eu-west-1', aws_access_key_id='x', aws_secret_access_key='y').get_caller_identity()",
    "connects_by_name": "with socket.socket() as s:\n        s.connect(('example.org', 80))",
    "bound_early": "early(('192.0.2.1', 80))",
    "speaks_to_this_machine_unmarked": "with socket.create_server(('127.0.0.1', 0)) as s:\n        socket.create_connection(s.getsockname()).close()",
    "skips_after": "try:\n        socket.getaddrinfo('example.org', 443)\n    except OSError:\n        pytest.skip('no network')",
}
"""Bodies of tests that must fail."""
INNOCENT = {
    "speaks_over_a_unix_socket": "a, b = socket.socketpair()\n    a.send(b'x')\n    assert b.recv(1) == b'x'\n    a.close()\n    b.close()",
    "runs_a_loop": "async def nothing():\n        await asyncio.sleep(0)\n    asyncio.run(nothing())",
    "binds": "socket.create_server(('127.0.0.1', 0)).close()",
    "looks_this_machine_up": "assert socket.getaddrinfo('localhost', 80) and socket.getaddrinfo('::1', 80)",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    folder = tmp_path_factory.mktemp("planted")
    head = "import asyncio, socket, threading\nimport boto3, httpx, pytest\nearly = socket.socket().connect\n\n"
    marked = "@pytest.mark.loopback\ndef test_marked():\n    with socket.create_server(('127.0.0.1', 0)) as s:\n        socket.create_connection(s.getsockname()).close()\n"
    bodies = "".join(f"def test_{name}():\n    {body}\n\n" for name, body in {**PLANTED, **INNOCENT}.items())
    (folder / "test_planted.py").write_text(f"{head}{bodies}{marked}", encoding="utf-8")
    return _pytest(folder)


def _pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "PYTEST_ADDOPTS": "", "COLUMNS": "300"}
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = loopback\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "network", "-p", "no:cacheprovider", "-rA", "--color=no", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=120, check=False)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_way_out_fails_its_test(run: subprocess.CompletedProcess[str], name: str) -> None:
    assert f"FAILED test_planted.py::test_{name} - Failed: no network in tests: socket." in run.stdout, run.stdout


@pytest.mark.parametrize("name", [*INNOCENT, "marked"])
def test_what_stays_on_this_machine_passes(run: subprocess.CompletedProcess[str], name: str) -> None:
    assert f"PASSED test_planted.py::test_{name}\n" in run.stdout, run.stdout


def test_the_run_says_what_it_counted(run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 1
    (line,) = [one for one in run.stdout.splitlines() if one.startswith("connections beyond loopback")]
    counts = [int(part.rsplit(" ", 1)[1]) for part in line.split(", ")]
    assert counts[0] == 7, line  # connects, by status, sends, by six, in a thread, by name, bound early
    assert counts[1] >= 7, line  # looks up, by name, back, swallows, skips after, and the two clients at least once each
    assert counts[2] == 1, line


def test_a_way_out_at_collection_fails_the_run(tmp_path: Path) -> None:
    planted = "import socket\ntry:\n    socket.getaddrinfo('example.org', 443)\nexcept OSError:\n    pass\n\ndef test_nothing():\n    pass\n"
    (tmp_path / "test_planted.py").write_text(planted, encoding="utf-8")
    done = _pytest(tmp_path)
    assert done.returncode == 1, done.stdout
    assert "outside tests: socket.getaddrinfo of 'example.org'" in done.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "localhost", "", b"localhost", None])
def test_this_machine(host: object) -> None:
    watch = Watch(loopback=True)
    with socket.socket() as line:
        watch.see("socket.connect", (line, (host, 80)))
    watch.see("socket.getaddrinfo", (host, 80, 0, 0, 0))
    assert watch == Watch(loopback=True)


@pytest.mark.parametrize(
    "host",
    ["10.0.0.1", "169.254.169.254", "2001:db8::1", "fe80::1%eth0", "::ffff:10.0.0.1", "localhost.example.org", "127.0.0.1.nip.io", b"example.org", "é.org"],
)
def test_another_machine(host: object) -> None:
    watch = Watch(loopback=True)
    with socket.socket() as line, pytest.raises(Blocked):
        watch.see("socket.connect", (line, (host, 80)))
    with pytest.raises(Blocked):
        watch.see("socket.gethostbyaddr", (host,))
    assert (watch.beyond, watch.lookups, watch.unmarked) == (1, 1, 0)
    assert len(watch.end()) == 2
    assert watch.end() == []


def test_an_address_in_figures_is_no_look_up() -> None:
    watch = Watch()
    for event in ("socket.getaddrinfo", "socket.gethostbyname"):
        watch.see(event, ("192.0.2.1", 80))
        with pytest.raises(Blocked):
            watch.see(event, ("192.0.2.1.example.org", 80))
    assert (watch.beyond, watch.lookups) == (0, 2)


def test_the_pair_of_an_event_loop_may_stand_on_loopback() -> None:
    watch = Watch()

    def socketpair() -> None:
        with socket.socket() as line:
            watch.see("socket.connect", (line, ("127.0.0.1", 80)))

    def another() -> None:
        with socket.socket() as line:
            watch.see("socket.connect", (line, ("127.0.0.1", 80)))

    socketpair()
    with pytest.raises(Blocked, match="not marked `loopback`"):
        another()


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no unix sockets here")
def test_unix_sockets_are_no_network(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening, socket.socket(socket.AF_UNIX) as line:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        line.connect(str(tmp_path / "s"))
