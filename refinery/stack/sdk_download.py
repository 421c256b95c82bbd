"""`python -m refinery.stack.sdk_download FOLDER`: let Temporal's Python SDK download its development server.

A separate program, so that the manager need not load the SDK and can limit the time this takes.
"""

import asyncio
import sys

from temporalio.testing import WorkflowEnvironment


async def fetch(folder: str) -> None:
    """Start the server once, which downloads it into `folder`, and stop it."""
    environment = await WorkflowEnvironment.start_local(download_dest_dir=folder)
    await environment.shutdown()


if __name__ == "__main__":
    asyncio.run(fetch(sys.argv[1]))
