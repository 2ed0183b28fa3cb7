"""What a command's start is spared is there as soon as it is called."""

from __future__ import annotations

import subprocess
import sys

from splitgrade.commands.spared import Later

SCRIPT = """
import sys
from splitgrade.commands.spared import Later, spared

with spared():
    import nbgrader.converters, nbgrader.auth.jupyterhub, nbgrader.exchange, nbgrader.utils

    print(sorted({"requests", "urllib3", "rapidfuzz", "setuptools"} & {
        name for name, module in sys.modules.items() if not isinstance(module, Later)
    }))
    print(nbgrader.converters.base.fuzz.ratio("ex40", "ex40"))
    print(nbgrader.auth.jupyterhub.requests.Request("GET", "hub").url)
    nbgrader.utils.unpack_archive(sys.argv[1], sys.argv[2])
import requests
print(type(requests).__name__)
"""


def test_what_is_left_for_later_is_loaded_when_it_is_called(tmp_path):
    """No import of nbgrader's loads these libraries, and each call of one of their functions does what it should."""
    packed, unpacked = tmp_path / "work.zip", tmp_path / "unpacked"
    make = "import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').writestr('ada/ex40.ipynb', '{}')"
    subprocess.run([sys.executable, "-c", make, packed], check=True)
    done = subprocess.run([sys.executable, "-c", SCRIPT, packed, unpacked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "100.0", "hub", "module"]
    assert (unpacked / "ada" / "ex40.ipynb").read_text() == "{}"


def test_python_itself_gets_no_answer_to_its_questions():
    """Whoever looks whether a module is one of its kind is told that it is not: no such name."""
    assert not hasattr(Later("json"), "__path__")
    assert Later("json").dumps(1) == "1"
