"""`org`: an org of its own for each test, which is verified when the test has passed and taken away in any case.

The emulator is the one that `genesys-emulator exec -- pytest` has started; without it, one is started here, by the program
that EMULATOR_PROGRAM names."""

import json
import os
import subprocess

import pytest
from genesys_emulator import Emulator


@pytest.fixture(scope="session")
def emulator():
    """A running emulator."""
    if url := os.environ.get("GENESYS_EMULATOR_ADMIN_URL"):
        yield Emulator(url, os.environ.get("GENESYS_EMULATOR_ADMIN_TOKEN"))
        return
    program = os.environ.get("EMULATOR_PROGRAM", "genesys-emulator")
    command = [program, "serve", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield Emulator(json.loads(process.stdout.readline())["admin"])
        process.terminate()


@pytest.fixture
def org(emulator, request):
    """An org that nobody else sees. If the run is killed, it goes by itself."""
    org = emulator.create_org(name=request.node.name, ttl="10m")
    yield org
    org.delete()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """What the verification finds makes the test fail as if the test had found it."""
    result = yield
    if "org" in pyfuncitem.funcargs:
        pyfuncitem.funcargs["org"].verify()
    return result
