#!/bin/sh
# The user of the service; it is not started before the operator says so: systemctl enable --now rollcall
set -e
if [ "$1" = configure ]; then
  if ! getent passwd rollcall >/dev/null; then
    adduser --system --group --quiet --home /var/lib/rollcall --no-create-home rollcall
  fi
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
    systemctl try-restart rollcall.service || true
  fi
fi
