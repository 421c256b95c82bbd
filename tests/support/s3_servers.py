"""S3 servers of tests: Versity's gateway, a real one, where it was built, and Moto within the test's process.

`make s3-server` builds the gateway with Go into the cache: about three minutes, once.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from refinery.stack.program import ROOT

GO_MODULE: Final = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
CACHE: Final = ROOT / ".cache" / "s3"
ACCESS_KEY, SECRET_KEY = "refinery-test", "refinery-test-secret"
BUCKET, REGION = "refinery", "us-east-1"
START_SECONDS: Final = 30


@dataclass
class S3Server:
    """Running server; `stop` ends it, `start` brings it back with its content if it keeps any."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Return the address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the gateway and wait until it answers."""
        program = gateway_path()
        if program is None:
            message = "the gateway is not built"
            raise LookupError(message)
        for name in ("data", "meta"):
            (self.folder / name).mkdir(exist_ok=True)
        keys = {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}
        command = [program, "--quiet", "--port", f"127.0.0.1:{self.port}", "--region", REGION, "posix"]
        self.process = subprocess.Popen(
            [*command, "--sidecar", str(self.folder / "meta"), str(self.folder / "data")],
            env=os.environ | keys,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        make_bucket(self.url)

    def stop(self) -> None:
        """Stop the gateway."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def gateway_path() -> str | None:
    """Return the gateway's program: on PATH, or built into the cache."""
    built = CACHE / "versitygw"
    return shutil.which("versitygw") or (str(built) if built.exists() else None)


def free_port() -> int:
    """Return a port of this machine that is free now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def make_bucket(url: str) -> None:
    """Create the bucket as soon as the server answers; raises the client's error if it does not in time."""
    retries = {"mode": "standard", "total_max_attempts": START_SECONDS}
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(retries=retries),
    )
    found = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    if BUCKET not in found:
        client.create_bucket(Bucket=BUCKET)


@contextmanager
def running_gateway(folder: Path) -> Iterator[S3Server]:
    """Run the gateway over a folder."""
    server = S3Server(free_port(), folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def running_moto() -> Iterator[S3Server]:
    """Run Moto in a thread; it keeps objects in memory."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    make_bucket(f"http://{host}:{port}")
    try:
        yield S3Server(port, Path(os.devnull))
    finally:
        moto.stop()


def build_gateway() -> int:
    """Build the gateway with Go into the cache; returns Go's exit status."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return subprocess.run(["go", "install", GO_MODULE], env=os.environ | {"GOBIN": str(CACHE)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(build_gateway())
