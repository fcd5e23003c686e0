#!/bin/sh
# Print the path of a Python that can run Galleria (>=3.12,<3.14), or say in one line what is missing.
#
# A pyenv shim exists for every version that any project installed, active or not, so a candidate only counts
# when it runs and says the right version itself.

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 14))' \
        >/dev/null 2>&1
}

first_usable() {
    for candidate in "$@"; do
        if usable "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            exit 0
        fi
    done
}

if [ -n "${PYTHON:-}" ]; then
    first_usable "$PYTHON"
    echo "Galleria needs Python 3.12 or 3.13 with its venv module; PYTHON=$PYTHON is not one." >&2
    exit 1
fi

# python and python3 come first: under pyenv they are the version that .python-version asks for.
pyenv_versions="${PYENV_ROOT:-$HOME/.pyenv}/versions"
first_usable python python3 python3.13 python3.12 \
    "$pyenv_versions"/3.13.*/bin/python "$pyenv_versions"/3.12.*/bin/python

echo "Galleria needs Python 3.12 or 3.13 with its venv module; none was found" \
    "(name one by: make install PYTHON=/path/to/python3)." >&2
exit 1
