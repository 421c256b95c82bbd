"""The way to the engine, from the environment."""

import asyncio
from typing import Final

import structlog
from django.conf import settings
from temporalio.client import Client
from temporalio.service import RPCError

from refinery.settings.env import Env, env
from workers.codec import data_converter

log = structlog.get_logger(__name__)
RETRY_SECONDS: Final = 5.0


async def connect(values: Env = env, *, lazy: bool = False) -> Client:
    """Connect once; raises RuntimeError when the engine does not answer. A lazy one connects on first use."""
    return await Client.connect(
        values.temporal_address,
        namespace=values.temporal_namespace,
        api_key=values.temporal_api_key or None,
        tls=values.temporal_tls or bool(values.temporal_api_key),
        data_converter=data_converter(settings.SECRET_KEY),
        lazy=lazy,
    )


async def connect_patiently(values: Env = env) -> Client:
    """Connect, however long the engine takes to come up."""
    while True:
        try:
            return await connect(values)
        except (RuntimeError, RPCError) as reason:
            log.warning("engine_unreachable", reason=type(reason).__name__)
            await asyncio.sleep(RETRY_SECONDS)
