#!/bin/sh
# /usr/local/bin/dlp-proxy beside the unit: commands as the proxy's own user, on its settings and its state folder.
# Called by root, also through sudo. What another user writes into the state folder the proxy could not read.
exec runuser -u dlp-proxy -- env DLP_PROXY_CONFIG=/etc/dlp-proxy/proxy.yaml DLP_PROXY_STATE=/var/lib/dlp-proxy \
  DLP_PROXY_POLICIES=/etc/dlp-proxy/policies /opt/dlp-proxy/.venv/bin/dlp-proxy "$@"
