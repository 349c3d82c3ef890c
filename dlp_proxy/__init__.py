"""dlp_proxy: an egress data-loss-prevention proxy.

A message leaves a workstation. We unpack it, detect what is in it, group findings into customer
records, add them to the windows, decide by policy, record the decision durably, and enforce it.

    model/      pure nouns, used by every room
    encodings/  bytes written as text: Base64 and its like                 (pure)
    unpack/     Message -> Parts and Gaps                                  (pure)
    detect/     Parts -> Findings -> Records                               (pure)
    policy/     YAML -> Policy; (Inspection, Totals) -> Verdict            (pure)
    windows/    memory between requests: distinct counts in sliding windows
    stores/     durable things: events, window log, policy sets
    incidents/  grouping of events, and reading them back
    reporting/  what is handed on of a case: report and bundle
    pipeline    THE STAIRCASE: the steps of one request, used by the proxy, by scan and by tests
    replay/     recorded transfers through the same engine: proof, and what other policies would say
    proxy/      the live driver; the only room that imports mitmproxy
    cli/        one file per command group; wiring puts the rooms together
"""

__version__ = "0.1.0"
