"""The composition root: puts the rooms together. Only `cli` imports it.

Two files, so that commands which need no proxy do not load mitmproxy.
"""
