from __future__ import annotations

from dlp_proxy.detect.normalise import NORMALISERS
from dlp_proxy.detect.registry import CHECKS, READERS, STANDARD
from dlp_proxy.policy.grammar import BLOCKS, NAMED
from dlp_proxy.policy.values import good_name


def test_every_block_that_a_key_takes_is_in_the_table() -> None:
    nested = {key.block for block in BLOCKS.values() for key in block.keys if key.block}
    assert len(BLOCKS) == 28
    assert nested | {"file"} == set(BLOCKS)


def test_every_key_is_described_and_stands_once() -> None:
    keys = [(block.name, key) for block in BLOCKS.values() for key in block.keys]
    assert len(keys) > 110
    for block, key in keys:
        assert key.description.endswith("."), (block, key.name)
        assert bool(key.block) == (key.kind in {"block", "blocks"})
        assert key.kind != "word" or key.words
    for block_ in BLOCKS.values():
        assert len(block_.by_name) == len(block_.keys)


def test_rules_about_keys_speak_of_keys_that_are_there() -> None:
    for block in BLOCKS.values():
        for choice in block.one_of:
            assert {*choice.keys, *choice.unless} <= set(block.by_name)
        for need in block.needs:
            assert {need.key, need.other} <= set(block.by_name)


def test_detectors_know_every_check_and_normaliser_that_the_program_has() -> None:
    detector = BLOCKS["detector"].by_name
    assert set(detector["checks"].words) == set(CHECKS)
    assert set(detector["reader"].words) == set(READERS)
    assert set(detector["normalise"].words) == set(NORMALISERS)


def test_names_are_defined_where_the_table_says() -> None:
    for key, kind in NAMED.items():
        assert BLOCKS["file"].by_name[key].block == kind


def test_built_in_names_cannot_be_taken_by_a_policy() -> None:
    assert len(STANDARD) >= 4
    for spec in STANDARD:
        prefix, _, name = spec.name.partition("/")
        assert prefix == "std"
        good_name(name)
