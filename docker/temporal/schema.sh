#!/bin/sh
# Create or update the tables of Temporal's server; runs before each start of it. Needs SQL_PASSWORD.
set -eu
for name in temporal visibility; do
    [ "$name" = temporal ] && database=temporal || database=temporal_visibility
    sql() { temporal-sql-tool --plugin postgres12 --ep temporal-postgres -p 5432 -u temporal --db "$database" "$@"; }
    sql create
    sql setup-schema -v 0.0
    sql update-schema -d "/etc/temporal/schema/postgresql/v12/$name/versioned"
done
