"""What the schema of OCSF, as its makers publish it, says of an event of ours."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from dlp_proxy.evidence.ocsf import SCHEMA


@cache
def _schema_of(class_uid: int, profiles: tuple[str, ...]) -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(SCHEMA))
    return Draft202012Validator(schema.get_class_schema(schema.lookup_class_name_from_uid(class_uid), list(profiles)))


def problems(event: dict[str, Any]) -> list[str]:
    """Return what is wrong with an event by its class and the profiles that it names; nothing else may be in it."""
    schema = _schema_of(event["class_uid"], tuple(event["metadata"]["profiles"]))
    return sorted(f"{one.json_path} {one.message}" for one in schema.iter_errors(event))
