"""Process table of small programs, to test the manager separately from the real ones.

`python -m tests.integration.stack.small_programs VAR PORT [key=value ...]` runs the manager with it; a key
replaces a command by a line of Python.
"""

import sys
from pathlib import Path

from refinery.stack.console import Console
from refinery.stack.errors import run_reporting_errors
from refinery.stack.stack import run
from refinery.stack.table import PYTHON, ProcessTable

WEB = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["REFINERY_PORT"])), Ready).serve_forever()
"""
MIGRATE = "import os, psycopg; psycopg.connect(os.environ['DATABASE_OWNER_URL']).close()"
SEED = """
import os, psycopg
assert "DATABASE_OWNER_URL" not in os.environ
psycopg.connect(os.environ["DATABASE_URL"]).close()
print('{"users": [{"role": "viewer", "email": "vera@demo.example", "password": "only-for-tests"}]}')
"""
SLEEP_PROGRAM = "import signal; signal.sigwait([signal.SIGTERM])"


def python_command(code: str) -> tuple[str, ...]:
    """Return the command that runs a piece of Python."""
    return (PYTHON, "-c", code)


def small_program_table(**replaced: str) -> ProcessTable:
    """Return the table, with some of its programs replaced."""
    code = {"migrate": MIGRATE, "seed": SEED, "web": WEB, "worker": SLEEP_PROGRAM} | replaced
    return ProcessTable(
        python_command(code["migrate"]),
        python_command(code["seed"]),
        python_command(code["web"]),
        {"worker": python_command(code["worker"])},
    )


if __name__ == "__main__":
    var, port, *pairs = sys.argv[1:]
    table = small_program_table(**dict(pair.split("=", 1) for pair in pairs))
    sys.exit(run_reporting_errors(lambda: run(Path(var), int(port), table, Console())))
