"""The peers, each in an environment of its own below .cache/peers; one that can't be had is a line that says so."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PEERS = ROOT / ".cache" / "peers"


def python_peer(name: str, *requirements: str) -> Path | None:
    """The bin folder of a virtual environment with `requirements`; installed once. None when that fails."""
    folder = _PEERS / name
    done = folder / "installed"
    if not done.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
            install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *requirements]
            subprocess.run(install, check=True, capture_output=True, timeout=600)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"  {name}: can't be installed here: {error}")
            return None
        done.touch()
    return folder / "bin"


def program(name: str, package: str) -> Path | None:
    """A program of the system; None, with the package that brings it, when it is missing."""
    found = shutil.which(name)
    if found is None:
        print(f"  {name}: not installed (Debian: apt-get install {package})")
        return None
    return Path(found)


def children_cpu_s() -> float:
    """The seconds of CPU that ended children have used."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
