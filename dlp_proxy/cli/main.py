"""The `dlp-proxy` command: its groups, loaded when they are called, and the one place where errors become exits."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

from dlp_proxy import __version__
from dlp_proxy.cli.exits import FAILED, FINE, WRONG_USAGE
from dlp_proxy.cli.table import CommandTable, Row
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.setting_values import SettingsError
from dlp_proxy.stores.ports import StoreError
from dlp_proxy.wiring.made_before import use_what_is_ready

COMMANDS: Final[tuple[Row, ...]] = (
    ("run", "dlp_proxy.cli.run", "run", "Run the proxy."),
    ("demo", "dlp_proxy.cli.demo", "demo", "Show the proxy at work on real traffic, on this machine alone."),
    ("scan", "dlp_proxy.cli.scan", "scan", "Judge files as if they were uploaded."),
    ("detect", "dlp_proxy.cli.detect", "detect", "Show what detectors find in a text."),
    ("policy", "dlp_proxy.cli.policy", "policy", "Write, check, test and explain policies."),
    ("incident", "dlp_proxy.cli.incident", "incident", "Read what was stopped, logged and counted."),
    (
        "replay",
        "dlp_proxy.cli.investigators.replay",
        "replay",
        "Prove decisions again; say what other policies would do.",
    ),
    ("evidence", "dlp_proxy.cli.evidence", "evidence", "List, verify and purge sealed evidence."),
    ("reveal", "dlp_proxy.cli.reveal", "reveal_group", "Open sealed evidence: one asks, another grants."),
    ("keys", "dlp_proxy.cli.keys", "keys", "Make and list the keys that evidence is sealed to."),
    ("window", "dlp_proxy.cli.window", "window", "Show how close people are to limits over time; let somebody go."),
    ("index", "dlp_proxy.cli.index", "index", "Make indexes of known values, so that only real customers count."),
    ("forward", "dlp_proxy.cli.forward", "forward", "Send events to a SIEM; say how far it is."),
    ("bypass", "dlp_proxy.cli.bypass", "bypass", "Tell what was passed on unopened, by whom, and how much."),
    ("ca", "dlp_proxy.cli.ca", "ca", "Make and show the certificate authority."),
    ("doctor", "dlp_proxy.cli.doctor", "doctor", "Tell what would keep the proxy from working here."),
)
"""Modules load on use: only `run` and `demo` need mitmproxy."""


TRACE: Final = "DLP_PROXY_TRACE"
"""Variable of the environment: set, an error of ours is shown with all that it says."""


@click.group(
    cls=CommandTable,
    rows=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, prog_name="dlp-proxy")
def cli() -> None:
    """Find customers' records in what staff send out, and stop bulk exfiltration.

    \b
    Example:
      dlp-proxy demo --once
    """


def main() -> None:
    """Run the command line.

    Exit: 0 fine, 1 problems found, 2 wrong usage or unreadable input, 3 different, 70 it failed by a fault of its own.
    """
    use_what_is_ready()
    try:
        # Without standalone mode click returns the exit code of `Exit` and leaves other errors to us.
        code = cli.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else FINE)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (SettingsError, StoreError, PolicyError) as error:
        click.echo(f"dlp-proxy: {error}", err=True)
        sys.exit(WRONG_USAGE)
    except BrokenPipeError:
        # The reader of our output is gone, as with `| head`: nothing to tell and nobody to tell it to.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if os.environ.get(TRACE):
            raise
        from dlp_proxy.logs import failed  # noqa: PLC0415 - nothing else here needs it

        click.echo(f"dlp-proxy: {failed(error)}: a fault of this program. Nothing is said of what was asked.", err=True)
        click.echo(f"  {TRACE}=1 shows where it happened, with words that may quote values of customers.", err=True)
        sys.exit(FAILED)


if __name__ == "__main__":
    main()
