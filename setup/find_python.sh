#!/bin/sh
# Prints the path of a Python >= 3.12 that can make virtual environments; says how to get one when there is none.
set -u

# A name on the PATH proves nothing: pyenv leaves shims that refuse to run, and Debian's python may lack venv.
usable() {
    "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))' </dev/null >/dev/null 2>&1
}

take() { # candidates, the best one first
    for candidate in "$@"; do
        if usable "$candidate"; then
            command -v "$candidate"
            exit 0
        fi
    done
}

if [ -n "${TAKT_PYTHON:-}" ]; then
    take "$TAKT_PYTHON"
    echo "TAKT_PYTHON is $TAKT_PYTHON, which is not a Python >= 3.12 with venv. Correct it or unset it." >&2
    exit 1
fi

take python3.14 python3.13 python3.12 python3

home=${HOME:-}
for minor in 14 13 12 19 18 17 16 15; do
    take "$home"/.pyenv/versions/3."$minor"*/bin/python3
done

if command -v uv >/dev/null 2>&1; then
    take "$(uv python find --no-project '>=3.12,<3.15' 2>/dev/null)"
    echo "No Python >= 3.12 on this machine: asking uv for Python 3.13." >&2
    uv python install 3.13 </dev/null >&2 && take "$(uv python find --no-project 3.13 2>/dev/null)"
fi

cat >&2 <<'MESSAGE'
Takt needs Python 3.12 or newer, with its venv module, and this machine has none. Any of these brings one:
  Debian 13, Ubuntu 24.04   sudo apt-get install python3 python3-venv
  Fedora                    sudo dnf install python3.13
  macOS                     brew install python@3.13
  anywhere                  install uv (docs.astral.sh/uv), then run this command again
A Python in an unusual place is taken when TAKT_PYTHON holds its path.
MESSAGE
exit 1
