"""One run of the embedded default, from the lock on its data folder to the last process stopped."""

import asyncio
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from refinery.stack import postgres, schema, temporal, tools
from refinery.stack.console import Console
from refinery.stack.errors import StackError
from refinery.stack.folder import DataFolder
from refinery.stack.journal import last_words
from refinery.stack.orphan_reaper import undertaker
from refinery.stack.ports import require_port, serves
from refinery.stack.program import ROOT
from refinery.stack.records import clear_leftovers
from refinery.stack.roles import APP, OWNER
from refinery.stack.supervisor import Supervisor
from refinery.stack.table import Account, Table, environment, read_accounts
from refinery.stack.temporal_binary import find_temporal

START_SECONDS = 120.0


class Stack:
    """The embedded default on one data folder and one web port."""

    def __init__(self, folder: DataFolder, port: int, table: Table, console: Console) -> None:
        """Take what to run and where; nothing is started yet."""
        self._folder, self._port, self._table, self._console = folder, port, table, console
        self._supervisor = Supervisor(folder, console)
        self._values: dict[str, str] = {}

    @property
    def url(self) -> str:
        """The web's address."""
        return f"http://127.0.0.1:{self._port}"

    def check(self) -> None:
        """Look at what can be known before anything is started; StackError with what is wrong."""
        clear_leftovers(self._folder.run, self._console.step)
        require_port(self._port)
        self._folder.require_space()
        for line in tools.describe():
            self._console.step(line)

    async def start(self) -> None:
        """Bring everything up and print the address and the users."""
        owner_url, _ = await asyncio.gather(self._start_postgres(), self._start_temporal())
        self._folder.tell(self._values)
        await self._migrate(owner_url)
        seeding = asyncio.create_task(self._seed())
        try:
            await self._start_programs()
            accounts = await seeding
        finally:
            seeding.cancel()
        self._greet(accounts)

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop everything in reverse order."""
        await self._supervisor.stop(hurry)

    async def _start_postgres(self) -> str:
        """Start PostgreSQL unless the environment names one; answer the owner's address."""
        if url := os.environ.get("DATABASE_URL"):
            self._console.step("PostgreSQL: the one that DATABASE_URL names")
            return os.environ.get("DATABASE_OWNER_URL") or url
        cluster = await asyncio.to_thread(postgres.prepare, self._folder.root / "postgres")
        await self._supervisor.start(cluster.program(), cluster.answers, START_SECONDS)
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
        engine = temporal.prepare(self._folder.root / "temporal", binary)
        await self._supervisor.start(engine.program(), engine.answers, START_SECONDS)
        self._values |= {"TEMPORAL_ADDRESS": engine.address, "TEMPORAL_NAMESPACE": engine.namespace}
        self._console.step(f"Temporal runs at {engine.address}, its pages at {engine.ui_url}")

    def _environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        return environment(self._folder.root, self._port, {**self._values, **(extra or {})})

    async def _once(self, name: str, command: tuple[str, ...], extra: Mapping[str, str] | None = None) -> str:
        """Run a command to its end and answer its output; StackError with its last words when it fails."""
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
            message = f"{name} failed: {last_words(log.read_text(errors='replace').splitlines())} (see {log})"
            raise StackError(message)
        return output.decode()

    async def _migrate(self, owner_url: str) -> None:
        """Bring the tables up to date; only a database of our own may carry our mark that they are."""
        wanted, ours = schema.fingerprint(), "DATABASE_URL" in self._values
        if not (ours and await asyncio.to_thread(schema.is_current, owner_url, wanted)):
            await self._once("migrate", self._table.migrate, {"DATABASE_OWNER_URL": owner_url})
        if ours:
            await asyncio.to_thread(schema.mark_current, owner_url, wanted)
        self._console.step("the database's tables are up to date")

    async def _seed(self) -> list[Account]:
        accounts = read_accounts(await self._once("seed", self._table.seed))
        self._console.step("the tenant demo has its users and documents")
        return accounts

    async def _start_programs(self) -> None:
        web, *others = self._table.programs(self._environment())
        kept = [self._supervisor.keep(program) for program in others]
        await self._supervisor.start(web, self._web_answers, START_SECONDS)
        await asyncio.gather(*(one.settle() for one in kept))
        self._console.step(f"web, {', '.join(program.name for program in others)} run")

    def _web_answers(self) -> bool:
        return serves(f"{self.url}/readyz")

    def _greet(self, accounts: list[Account]) -> None:
        widths = [max(len(account.role) for account in accounts), max(len(account.name) for account in accounts)]
        self._console.line()
        self._console.line(f"Refinery is up: {self.url}")
        for account in accounts:
            name = account.name.ljust(widths[1])
            self._console.line(f"  {account.role.ljust(widths[0])}  {name}  {account.password}")
        self._console.line(f"Logs are in {self._folder.log}; Ctrl-C stops everything.")


async def _until_told(stack: Stack, console: Console) -> None:
    """Bring the stack up and keep it up until a signal comes; a second signal hurries the end."""
    told, hurry = asyncio.Event(), asyncio.Event()

    def on_signal() -> None:
        (hurry if told.is_set() else told).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal)
    starting, waiting = asyncio.create_task(stack.start()), asyncio.create_task(told.wait())
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


def run(var: Path, port: int, table: Table, console: Console) -> None:
    """Run the stack until a signal ends it; StackError when it cannot go on."""
    folder = DataFolder(var.resolve())
    folder.open()
    try:
        stack = Stack(folder, port, table, console)
        stack.check()
        with undertaker(folder.root):
            asyncio.run(_until_told(stack, console))
    finally:
        folder.close()
