#!/bin/sh
# Create the namespace of Refinery's workflows if it is missing; TEMPORAL_ADDRESS names the server.
set -eu
temporal operator namespace describe --namespace refinery >/dev/null 2>&1 ||
    temporal operator namespace create --namespace refinery --retention 720h
