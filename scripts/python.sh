#!/bin/sh
# Runs its arguments with a Python that is new enough. Each candidate is tried, not just
# looked up: a version manager's shim exists on PATH even where its Python does not.
for python in ${PYTHON:-} python3 python3.12 python3.11 python3.13 python3.14 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        exec "$python" "$@"
    fi
done
found=$(python3 --version 2>/dev/null) || found="none at all"
echo "Stafett needs Python 3.11 or newer, and PATH offers ${found}." \
    "Install one (Debian, Ubuntu: apt-get install python3.11; macOS: brew install python@3.12)," \
    "or name it: make PYTHON=/path/to/python3.11 ..." >&2
exit 1
