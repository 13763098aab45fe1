#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands in for redis-server: what was not synced before the last kill is dropped, as a power cut
# would, then the real server runs. POWERLOSS_REDIS, POWERLOSS_SHIM and POWERLOSS_DATA are set by the
# run; the number of dropped bytes is appended to POWERLOSS_LOG.
set -eu
case "${1:-}" in
  --version | -v) exec "$POWERLOSS_REDIS" --version ;;
esac
find "$POWERLOSS_DATA" -name '*.aof' | while read -r aof; do
  [ -f "$aof.synced" ] || continue
  read -r inode size < "$aof.synced"
  [ "$(stat -c %i "$aof")" = "$inode" ] || continue
  now=$(stat -c %s "$aof")
  if [ "$size" -lt "$now" ]; then
    truncate -s "$size" "$aof"
    echo "$((now - size))" >> "$POWERLOSS_LOG"
  fi
done
LD_PRELOAD="$POWERLOSS_SHIM" exec "$POWERLOSS_REDIS" "$@"
