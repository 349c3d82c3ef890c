"""``dlp-proxy ca``: the certificate authority that managed machines must trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from dlp_proxy.cli.options import STATE
from dlp_proxy.stores.authority import CERTIFICATE_FILE, make_authority, show_authority
from dlp_proxy.stores.imported_authority import import_authority
from dlp_proxy.stores.state_dir import StateDir

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def ca() -> None:
    """Make and show the certificate authority.

    \b
    Example:
      dlp-proxy ca init --state /var/lib/dlp-proxy
    """


@ca.command("init")
@STATE
@click.option("--name", default="dlp_proxy inspection CA", show_default=True, help="Common name that browsers show.")
def init(state: Path, name: str) -> None:
    """Make a CA, unless there is one.

    \b
    Example:
      dlp-proxy ca init --name "Example Ltd inspection CA"
    """
    folder = StateDir(state)
    folder.make()
    made = make_authority(folder.ca, name)
    authority = show_authority(folder.ca)
    click.echo(f"{'made' if made else 'there is already'} a CA in {authority.path}")
    click.echo(f"install {folder.ca / CERTIFICATE_FILE} on managed machines: `dlp-proxy ca install-help`")


@ca.command("import")
@STATE
@click.option("--key", type=_FILE, required=True, help="PEM file of its private key.")
@click.option("--chain", type=_FILE, required=True, help="PEM file of its certificate and of those above it.")
@click.option("--passphrase-file", type=_FILE, default=None, help="File with the passphrase of the key.")
@click.option("--replace", is_flag=True, help="Put it in the place of the CA that is there.")
def import_(state: Path, key: Path, chain: Path, passphrase_file: Path | None, *, replace: bool) -> None:
    """Take up a CA that was made elsewhere, such as an intermediate of your company's root.

    A key with a passphrase keeps it: name the file in the setting `ca_passphrase_file`. Machines that trust the root
    need nothing more, because the chain is sent with each certificate.

    \b
    Example:
      dlp-proxy ca import --key inspection.key --chain inspection-chain.pem --passphrase-file ca.pass
    """
    folder = StateDir(state)
    folder.make()
    passphrase = passphrase_file.read_text(encoding="utf-8").strip("\r\n") if passphrase_file else ""
    import_authority(folder.ca, key.read_bytes(), chain.read_bytes(), passphrase, instead=replace)
    click.echo(f"taken up: {show_authority(folder.ca).subject}")
    if passphrase_file:
        click.echo(f"set `ca_passphrase_file: {passphrase_file.absolute()}` for `dlp-proxy run`")
    click.echo("a proxy that runs takes it up when it is started again")


@ca.command("show")
@STATE
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--pem", is_flag=True, help="The certificate, and nothing else.")
def show(state: Path, *, as_json: bool, pem: bool) -> None:
    """Show the CA's certificate, never its key.

    \b
    Example:
      dlp-proxy ca show --pem > company-ca.pem
    """
    authority = show_authority(StateDir(state).ca)
    if pem:
        click.echo(authority.certificate.decode(), nl=False)
    elif as_json:
        click.echo(
            json.dumps(
                {
                    "subject": authority.subject,
                    "sha256": authority.fingerprint,
                    "not_after": authority.not_after.isoformat(),
                    "path": str(authority.path),
                    "certificate": authority.certificate.decode(),
                }
            )
        )
    else:
        click.echo(f"subject    {authority.subject}")
        click.echo(f"SHA-256    {authority.fingerprint}")
        click.echo(f"ends       {authority.not_after:%Y-%m-%d}")
        click.echo(f"key        {authority.path}")


@ca.command("install-help")
@STATE
def install_help(state: Path) -> None:
    """Tell how managed machines come to trust the CA.

    \b
    Example:
      dlp-proxy ca install-help
    """
    path = StateDir(state).ca / CERTIFICATE_FILE
    click.echo(
        f"""The certificate is {path}; a running proxy also gives it at /ca.pem of its operations port.

Windows (group policy)   Computer Configuration > Policies > Windows Settings > Security Settings >
                         Public Key Policies > Trusted Root Certification Authorities: import it
Windows (one machine)    certutil -addstore -f Root ca.pem
macOS                    sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ca.pem
Debian, Ubuntu           copy it to /usr/local/share/ca-certificates/dlp-proxy.crt, then update-ca-certificates
Red Hat, Fedora          copy it to /etc/pki/ca-trust/source/anchors/, then update-ca-trust
Firefox                  policy Certificates.ImportEnterpriseRoots: true
curl, one call           curl --cacert ca.pem --proxy http://PROXY:8080 https://example.com/
Python requests          REQUESTS_CA_BUNDLE=ca.pem; Node.js: NODE_EXTRA_CA_CERTS=ca.pem; Java: keytool -importcert

Only machines that you manage should trust it: whoever holds its key can read their traffic."""
    )
