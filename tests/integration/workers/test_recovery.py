"""A worker that dies is noticed within seconds, and its work is taken over without a long delay."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from workers import policies, relay_sender
from workers.activities.heartbeat import heartbeats
from workers.interceptors import _with_heartbeats, to_application_error

OPTIONS = {
    name: value
    for name, value in vars(policies).items()
    if isinstance(value, Mapping) and "start_to_close_timeout" in value
}
NOTICED_WITHIN = timedelta(minutes=1)


@pytest.mark.parametrize("name", OPTIONS)
def test_dead_worker_is_noticed_within_a_minute(name: str) -> None:
    """By the missing heartbeat, or because the whole activity may take no longer."""
    options = OPTIONS[name]
    assert options.get("heartbeat_timeout", options["start_to_close_timeout"]) <= NOTICED_WITHIN


@pytest.mark.parametrize("name", [name for name, options in OPTIONS.items() if "heartbeat_timeout" in options])
def test_activity_of_a_dead_worker_is_not_delayed(name: str) -> None:
    longest = OPTIONS[name]["retry_policy"].maximum_interval
    assert longest is None or longest <= timedelta(seconds=5)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (5000, 300)])
def test_failure_of_the_infrastructure_is_delayed_longer_each_time(attempt: int, seconds: int) -> None:
    def fail() -> None:
        assert to_application_error(OSError(), attempt).next_retry_delay == timedelta(seconds=seconds)

    ActivityEnvironment().run(fail)


def test_claim_of_a_relay_outlives_its_sending_by_seconds_only() -> None:
    assert relay_sender.SEND_SECONDS < relay_sender.CLAIM_SECONDS <= 15


def environment_with(heartbeat_timeout: timedelta | None) -> ActivityEnvironment:
    """Return an environment whose activities have this heartbeat timeout."""
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, heartbeat_timeout=heartbeat_timeout)
    return environment


def test_every_activity_with_a_heartbeat_timeout_sends_heartbeats() -> None:
    """Also one that has no heartbeats of its own; one that has them reports its progress in the same heartbeat."""
    sent: list[tuple[Any, ...]] = []
    environment = environment_with(timedelta(seconds=20))
    environment.on_heartbeat = lambda *details: sent.append(details)

    def work() -> None:
        threads = [thread.name for thread in threading.enumerate()]
        with heartbeats() as heartbeat:
            assert [thread.name for thread in threading.enumerate()] == threads
            heartbeat.advance(3)
        assert threads.count("heartbeat") == 1

    def run() -> None:
        _with_heartbeats(work)()

    environment.run(run)
    assert sent == [(3, 0)]
    assert "heartbeat" not in [thread.name for thread in threading.enumerate()]


def test_activity_without_a_heartbeat_timeout_sends_none() -> None:
    def work() -> None:
        assert "heartbeat" not in [thread.name for thread in threading.enumerate()]

    def run() -> None:
        _with_heartbeats(work)()

    environment_with(None).run(run)
