"""One run of the embedded default, from locking its data folder to stopping the last process."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path

from refinery.stack import postgres, schema, temporal, tools
from refinery.stack.console import Console
from refinery.stack.errors import StackError
from refinery.stack.folder import DataFolder
from refinery.stack.journal import last_error_line
from refinery.stack.orphan_reaper import orphan_reaper
from refinery.stack.ports import answers_http, require_port
from refinery.stack.program import ROOT
from refinery.stack.records import stop_leftovers
from refinery.stack.roles import APP, OWNER
from refinery.stack.supervisor import Supervisor
from refinery.stack.table import DemoAccount, ProcessTable, process_environment, read_accounts
from refinery.stack.temporal_binary import find_temporal

START_SECONDS = 120.0


class Stack:
    """Embedded default with one data folder and one web port."""

    def __init__(self, folder: DataFolder, port: int, table: ProcessTable, console: Console) -> None:
        """Store the configuration; nothing is started yet."""
        self._folder, self._port, self._table, self._console = folder, port, table, console
        self._supervisor = Supervisor(folder, console)
        self._values: dict[str, str] = {}

    @property
    def url(self) -> str:
        """Return the URL of the web process."""
        return f"http://127.0.0.1:{self._port}"

    def check(self) -> None:
        """Check the preconditions before anything is started. Raises StackError with the fault."""
        stop_leftovers(self._folder.run, self._console.step)
        require_port(self._port)
        self._folder.require_space()
        for line in tools.describe_missing_tools():
            self._console.step(line)

    async def start(self) -> None:
        """Start everything and print the address and the users."""
        owner_url, _ = await asyncio.gather(self._start_postgres(), self._start_temporal())
        self._folder.write_environment(self._values)
        await self._migrate(owner_url)
        seeding = asyncio.create_task(self._seed())
        try:
            await self._start_programs()
            accounts = await seeding
        finally:
            seeding.cancel()
        self._print_accounts(accounts)

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop everything in reverse order."""
        await self._supervisor.stop(hurry)

    async def _start_postgres(self) -> str:
        """Start PostgreSQL unless the environment names one; returns the owner's URL."""
        if url := os.environ.get("DATABASE_URL"):
            self._console.step("PostgreSQL: the one that DATABASE_URL names")
            return os.environ.get("DATABASE_OWNER_URL") or url
        cluster = await asyncio.to_thread(postgres.prepare_cluster, self._folder.root / "postgres")
        await self._supervisor.start(cluster.program(), cluster.is_ready, START_SECONDS)
        await asyncio.to_thread(cluster.provision)
        self._values["DATABASE_URL"] = cluster.url(APP)
        self._console.step(f"PostgreSQL {postgres.VERSION} runs on {cluster.data}")
        return cluster.url(OWNER)

    async def _start_temporal(self) -> None:
        """Start Temporal unless the environment names one."""
        if address := os.environ.get("TEMPORAL_ADDRESS"):
            self._console.step(f"Temporal: the one at {address}")
            return
        binary = await asyncio.to_thread(find_temporal, self._console.step)
        dev_server = temporal.prepare_temporal(self._folder.root / "temporal", binary)
        await self._supervisor.start(dev_server.program(), dev_server.is_ready, START_SECONDS)
        self._values |= {"TEMPORAL_ADDRESS": dev_server.address, "TEMPORAL_NAMESPACE": dev_server.namespace}
        self._console.step(f"Temporal runs at {dev_server.address}, its pages at {dev_server.ui_url}")

    def _environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return process_environment(self._folder.root, self._port, {**self._values, **(extra or {})})

    async def _run_to_completion(
        self, name: str, command: tuple[str, ...], extra: Mapping[str, str] | None = None
    ) -> str:
        """Run a command and return its output. Raises StackError with its last error line if it fails."""
        log = self._folder.log / f"{name}.log"
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                *command,
                env=self._environment(extra),
                cwd=ROOT,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                process_group=0,
            )
            try:
                output, _ = await process.communicate()
            except asyncio.CancelledError:
                process.kill()
                await process.wait()
                raise
        if process.returncode:
            lines = log.read_text(errors="replace").replace("\n\tHINT: ", ". ").splitlines()  # of a system check
            message = f"{name} failed: {last_error_line(lines)} (see {log})"
            raise StackError(message)
        return output.decode()

    async def _migrate(self, owner_url: str) -> None:
        """Migrate the tables if needed; only the embedded database is marked as current."""
        wanted, ours = schema.fingerprint(), "DATABASE_URL" in self._values
        if not (ours and await asyncio.to_thread(schema.is_current, owner_url, wanted)):
            await self._run_to_completion("migrate", self._table.migrate, {"DATABASE_OWNER_URL": owner_url})
            if ours:
                await asyncio.to_thread(schema.mark_current, owner_url, wanted)
        self._console.step("the database's tables are up to date")

    async def _seed(self) -> list[DemoAccount]:
        accounts = read_accounts(await self._run_to_completion("seed", self._table.seed))
        self._console.step("the tenant demo has its users and documents")
        return accounts

    async def _start_programs(self) -> None:
        web, *others = self._table.programs(self._environment())
        supervised = [self._supervisor.keep_running(program) for program in others]
        await self._supervisor.start(web, self._web_is_ready, START_SECONDS)
        await asyncio.gather(*(one.wait_until_steady() for one in supervised))
        self._console.step(f"web, {', '.join(program.name for program in others)} run")

    def _web_is_ready(self) -> bool:
        return answers_http(f"{self.url}/readyz")

    def _print_accounts(self, accounts: list[DemoAccount]) -> None:
        widths = [max(len(account.role) for account in accounts), max(len(account.name) for account in accounts)]
        self._console.line()
        self._console.line(f"Refinery is up: {self.url}")
        for account in accounts:
            name = account.name.ljust(widths[1])
            self._console.line(f"  {account.role.ljust(widths[0])}  {name}  {account.password}")
        self._console.line(f"Logs are in {self._folder.log}; Ctrl-C stops everything.")


async def _run_until_signal(stack: Stack, console: Console) -> None:
    """Start the stack and keep it running until a signal arrives; a second signal forces a fast stop."""
    stop_requested, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if stop_requested.is_set() else stop_requested).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal)
    starting, waiting = asyncio.create_task(stack.start()), asyncio.create_task(stop_requested.wait())
    try:
        await asyncio.wait([starting, waiting], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
        await waiting
        console.line()
        console.step("stopping")
    finally:
        for task in (starting, waiting):
            task.cancel()
        await asyncio.wait([starting, waiting])
        await stack.stop(hurry)
        console.step("everything has stopped")


def run(
    var: Path, port: int, table: ProcessTable, console: Console, on_open: Callable[[Path], None] = lambda _: None
) -> None:
    """Run the stack until a signal ends it; `on_open` is called with the data folder as soon as it is locked.

    Raises StackError if it cannot continue.
    """
    folder = DataFolder(var.resolve())
    folder.open()
    try:
        on_open(folder.root)
        stack = Stack(folder, port, table, console)
        stack.check()
        with orphan_reaper(folder.root):
            asyncio.run(_run_until_signal(stack, console))
    finally:
        folder.close()
