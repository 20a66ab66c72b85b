#!/bin/sh
# Brings .venv up to the pinned requirements: sh setup/venv.sh run|dev. Does nothing when it is there already.
set -eu
cd "$(dirname "$0")/.."

case ${1:-} in
    run) requirements=requirements.txt ;;
    dev) requirements=requirements-dev.txt ;;
    *) echo "usage: sh setup/venv.sh run|dev" >&2; exit 2 ;;
esac

venv=.venv
stamps=$venv/takt
python=$venv/bin/python

healthy() { # the interpreter behind an environment can go away; its scripts name the folder it was made in
    [ "$(cat "$venv/made-in" 2>/dev/null)" = "$(pwd -P)" ] &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

hash_of() { # requirements file
    "$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

installed() { # requirements file
    [ "$(cat "$stamps/$1" 2>/dev/null)" = "$(hash_of "$1")" ]
}

if ! healthy; then
    chosen=$(sh setup/find_python.sh)
    echo "Making .venv with $("$chosen" --version) ($chosen)" >&2
    "$chosen" -m venv --clear "$venv"
    pwd -P >"$venv/made-in"
fi

if installed "$requirements"; then
    exit 0
fi

echo "Installing $requirements into .venv, about a minute the first time ..." >&2
rm -rf "$stamps"
"$python" -m pip install -qq --disable-pip-version-check --no-input --requirement "$requirements" </dev/null || {
    echo "The pinned packages could not be installed (see above). With a network, run the same command again." >&2
    exit 1
}

mkdir -p "$stamps"
hash_of "$requirements" >"$stamps/$requirements"
if [ "$requirements" = requirements-dev.txt ]; then
    hash_of requirements.txt >"$stamps/requirements.txt" # the development pins contain the runtime's
fi
