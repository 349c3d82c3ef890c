"""The commands of `dlp-proxy policy`: tools for the authors of policies, a file for what belongs together."""
