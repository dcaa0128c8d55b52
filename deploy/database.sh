#!/bin/sh
# Makes the two roles, the database and its extension in a PostgreSQL of your own; run once, as its superuser.
# The owner migrates. The app owns nothing and cannot get round row-level security.
set -eu
: "${OWNER_PASSWORD:?is the password of convosphere_owner}" "${APP_PASSWORD:?is the password of convosphere_app}"
psql --set ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner_password="$OWNER_PASSWORD" --set app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE convosphere_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE convosphere_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
CREATE DATABASE convosphere OWNER convosphere_owner;
REVOKE ALL ON DATABASE convosphere FROM PUBLIC;
GRANT CONNECT ON DATABASE convosphere TO convosphere_app;
\connect convosphere
CREATE EXTENSION vector;
ALTER SCHEMA public OWNER TO convosphere_owner;
SQL
