-- Written by `python -m refinery.stack.roles`; idempotent; run by psql as a superuser.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'refinery_owner') THEN CREATE ROLE refinery_owner; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'refinery_app') THEN CREATE ROLE refinery_app; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'refinery_platform') THEN CREATE ROLE refinery_platform; END IF;
END $$;
ALTER ROLE refinery_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE refinery_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE refinery_platform NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
GRANT refinery_platform TO refinery_owner;
ALTER ROLE refinery_app SET statement_timeout = '60s';
ALTER ROLE refinery_app SET lock_timeout = '20s';
ALTER ROLE refinery_app SET idle_in_transaction_session_timeout = '10min';
\getenv owner_password REFINERY_OWNER_PASSWORD
\getenv app_password REFINERY_APP_PASSWORD
ALTER ROLE refinery_owner PASSWORD :'owner_password';
ALTER ROLE refinery_app PASSWORD :'app_password';
SELECT 'CREATE DATABASE refinery OWNER refinery_owner'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'refinery') \gexec
REVOKE ALL ON DATABASE refinery FROM PUBLIC, refinery_app;
GRANT CONNECT ON DATABASE refinery TO refinery_app;
\connect refinery
CREATE EXTENSION IF NOT EXISTS vector;
ALTER SCHEMA public OWNER TO refinery_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO refinery_app;
GRANT USAGE, CREATE ON SCHEMA public TO refinery_platform;
