"""Imported before all others in a process that handles traffic: what they would compile is there already."""

from dlp_proxy.wiring.made_before import use_what_is_ready

use_what_is_ready()
