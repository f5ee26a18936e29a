#!/bin/sh
# Print the path of a Chromium; install the system's package when there is none.
found() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } >&2
fi
found && exit 0
echo "The browser tests need Chromium. On Debian and Ubuntu: apt-get install chromium fonts-noto-cjk" >&2
exit 1
