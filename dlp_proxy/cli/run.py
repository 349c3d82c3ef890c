"""``dlp-proxy run``: the proxy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.exits import WRONG_USAGE
from dlp_proxy.logs import set_up_logs
from dlp_proxy.policy.problem import PolicyError
from dlp_proxy.settings import describe, load_settings
from dlp_proxy.wiring.child import Child
from dlp_proxy.wiring.sizes import cores, early_workers, sizes_of
from dlp_proxy.wiring.start_error import ProxyStartError
from dlp_proxy.wiring.temporary import temporary_folder

_WITH_WORDS_OF_THEIR_OWN: Final = frozenset(
    [
        "listen",
        "operations",
        "policies",
        "state",
        "monitor",
        "allow_private_destinations",
        "ssl_insecure",
        "i_know_upstream_is_not_verified",
    ]
)


def _every_other_setting[Command: Callable[..., object]](command: Command) -> Command:
    """Give the command a flag for each setting that has none yet, so that every key can be set by flag."""
    for name, _, says in reversed(describe()):
        if name not in _WITH_WORDS_OF_THEIR_OWN:
            command = click.option(f"--{name.replace('_', '-')}", name, help=f"{says[:1].upper()}{says[1:]}.")(command)
    return command


@click.command(
    epilog="Each is also a key of the config file, with _ for -, and, in capitals after DLP_PROXY_, of the "
    "environment: a flag beats the environment, and that the file."
)
@click.option("--config", type=click.Path(path_type=Path), envvar="DLP_PROXY_CONFIG", help="YAML file of settings.")
@click.option("--listen", metavar="HOST:PORT", help="Where workstations reach the proxy.  [default: 127.0.0.1:8080]")
@click.option("--operations", "--ops", metavar="HOST:PORT", help="Health, metrics, PAC.  [default: 127.0.0.1:8081]")
@click.option("--policies", type=click.Path(path_type=Path), help="Folder of policy files.  [default: policies]")
@click.option("--state", type=click.Path(path_type=Path), help="Folder of CA, keys and events.  [default: state]")
@click.option("--monitor", is_flag=True, default=None, help="Block nothing, record what would have been done.")
@click.option(
    "--allow-private-destinations", is_flag=True, default=None, help="Let loopback and private addresses be reached."
)
@click.option("--ssl-insecure", is_flag=True, default=None, help="Do not verify destinations; needs the next one too.")
@click.option("--i-know-upstream-is-not-verified", is_flag=True, default=None, help="Confirms --ssl-insecure.")
@_every_other_setting
@click.option("--ready-file", type=click.Path(path_type=Path), help="Write the ports there as JSON once ready.")
def run(config: Path | None, ready_file: Path | None, **flags: object) -> None:
    """Run the proxy until SIGTERM or Ctrl-C. SIGHUP reads the policies again.

    It starts to listen only when the policies compiled, the store took a write and a self-test record was blocked.

    \b
    Example:
      dlp-proxy run --policies policies --state /var/lib/dlp-proxy
    """
    settings = load_settings(config, os.environ, flags)
    set_up_logs()
    sizes = sizes_of(settings, cores())
    try:
        temporary_folder()
        if sizes.workers > 1:
            early = [Child() for _ in range(early_workers(sizes, cores()))]
            from dlp_proxy.wiring.supervisor import run_workers  # noqa: PLC0415 - imported beside them

            run_workers(settings, sizes, early, ready_file)
        else:
            from dlp_proxy.wiring.proxy import run_alone  # noqa: PLC0415 - a supervisor needs no mitmproxy: it starts sooner

            run_alone(settings, ready_file)
    except (PolicyError, ProxyStartError) as error:
        click.echo(f"dlp-proxy: {error}", err=True)
        raise click.exceptions.Exit(WRONG_USAGE) from error
