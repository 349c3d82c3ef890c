"""What holds for every test."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their argument: what is made with a clock or a random salt differs between the workers."""
    return argname if isinstance(val, bytes) and len(val) > 16 else None
