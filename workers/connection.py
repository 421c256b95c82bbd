"""Connection to Temporal, configured from the environment."""

import asyncio
from typing import Final

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from refinery.settings.env import Env, env
from workers.codec import data_converter

log = structlog.get_logger(__name__)
RETRY_SECONDS: Final = 5.0


async def connect(values: Env = env, *, lazy: bool = False) -> Client:
    """Connect once; a lazy client connects on first use.

    Raises RuntimeError when Temporal does not answer.
    """
    return await Client.connect(
        values.temporal_address,
        namespace=values.temporal_namespace,
        api_key=values.temporal_api_key or None,
        tls=values.temporal_tls or bool(values.temporal_api_key),
        data_converter=data_converter(),
        lazy=lazy,
    )


async def connect_with_retry(values: Env = env) -> Client:
    """Connect, retrying until Temporal is available."""
    while True:
        try:
            return await connect(values)
        except (RuntimeError, RPCError) as reason:
            log.warning("temporal_unreachable", reason=type(reason).__name__)
            await asyncio.sleep(RETRY_SECONDS)
