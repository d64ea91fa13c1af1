#!/bin/sh
# Creates Temporal's two databases and brings their schemas up to date. Run it before each new version of the server.
# A second run changes nothing. temporal-sql-tool reads SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD.
set -eu
export SQL_PLUGIN=postgres12_pgx

for store in temporal:temporal temporal_visibility:visibility; do
  export SQL_DATABASE="${store%%:*}"
  temporal-sql-tool create-database
  temporal-sql-tool setup-schema --version 0.0
  temporal-sql-tool update-schema --schema-name "postgresql/v12/${store##*:}"
done
