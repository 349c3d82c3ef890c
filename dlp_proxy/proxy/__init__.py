"""The live driver: the only room that imports mitmproxy. After `translate` nobody sees its types until `enforce`."""
