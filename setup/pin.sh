#!/bin/sh
# Compiles pyproject.toml into the pinned requirements: sh setup/pin.sh [uv pip compile options, e.g. --upgrade]
set -eu
cd "$(dirname "$0")/.."

if ! command -v uv >/dev/null 2>&1; then
    echo "setup/pin.sh needs uv on the PATH (pip install uv brings it)." >&2
    exit 1
fi

pin() { # output file, then further options
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.12 --no-emit-index-url --no-annotate \
        --custom-compile-command "make requirements" --output-file "$output" pyproject.toml "$@"
}

pin requirements.txt "$@"
pin requirements-dev.txt --extra dev --constraint requirements.txt "$@"
