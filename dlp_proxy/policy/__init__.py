"""Policies: YAML text -> Policy (read, check, compile); Message and Inspection and Totals -> Verdict."""
