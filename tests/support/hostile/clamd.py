"""A real clamd on a separate Unix socket, with one signature and no network access, and files for it."""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from refinery.stack.machine import SBIN

# In two parts, so that no scanner detects this source file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test"
MEGABYTE = 2**20
STREAM_MEGABYTES, FILE_MEGABYTES = 2, 1
START_SECONDS = 120.0
CLAMD_MISSING = (
    "clamd is not installed, so that nothing could be scanned: `make test` installs Debian's clamav-daemon where "
    "it may use apt; elsewhere install ClamAV and start again"
)


def clamd_path() -> str:
    """Return the path of the daemon; if it is missing, fail the test and say how to install it."""
    found = shutil.which("clamd", path=f"{os.environ.get('PATH', os.defpath)}:{SBIN}")
    assert found, CLAMD_MISSING
    return found


@dataclass(slots=True)
class ClamdDaemon:
    """clamd daemon with its folder; it can be started, killed and restarted at the same address."""

    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        """Return the path of its socket."""
        return str(self.folder / "clamd.sock")

    def start(self) -> None:
        """Start the daemon and wait until it listens."""
        command = [clamd_path(), "--foreground", f"--config-file={self._configuration()}"]
        Path(self.address).unlink(missing_ok=True)
        with (self.folder / "clamd.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            said = (self.folder / "clamd.log").read_text(errors="replace")
            assert self.process.poll() is None, f"clamd did not start: {said[-2000:]}"
            assert time.monotonic() < deadline, f"clamd does not listen: {said[-2000:]}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Kill the daemon without shutdown; do nothing if it is not running."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as attempt:
            return attempt.connect_ex(self.address) == 0

    def _configuration(self) -> Path:
        signatures = self.folder / "signatures"
        signatures.mkdir(exist_ok=True)
        (signatures / "eicar.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
        (self.folder / "clamd.conf").write_text(
            f"LocalSocket {self.address}\n"
            f"DatabaseDirectory {signatures}\n"
            f"TemporaryDirectory {self.folder}\n"
            f"StreamMaxLength {STREAM_MEGABYTES}M\n"
            f"MaxFileSize {FILE_MEGABYTES}M\n"
            "AlertExceedsMax yes\n"
        )
        return self.folder / "clamd.conf"
