#!/bin/sh
# The browser tests drive a real Chromium. Installed from the system's packages where we may.
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
packages="chromium fonts-dejavu fonts-noto-color-emoji"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests need Chromium, and this system has no apt-get. Install Chromium so that" \
        "\`chromium\` is on PATH, then run make test again." >&2
    exit 1
elif [ "$(id -u)" = 0 ]; then
    sudo=""
elif sudo -n true 2>/dev/null; then
    sudo="sudo -n"
else
    echo "The tests need Chromium, and installing it needs root. Run" \
        "\`sudo apt-get update && sudo apt-get install $packages\`, then make test again." >&2
    exit 1
fi
echo "Installing Chromium for the browser tests (about 125 MB to fetch, half a minute)."
if $sudo apt-get update -q >"$log" 2>&1 &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q $packages >>"$log" 2>&1; then
    exit 0
fi
tail -n 5 "$log" >&2
echo "apt-get could not install Chromium (its last lines are above). Mend that, or install it" \
    "yourself so that \`chromium\` is on PATH, then run make test again." >&2
exit 1
