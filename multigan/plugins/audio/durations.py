"""How long a sound is, for people."""

__all__ = ["lasting"]

SHORT_SECONDS = 0.1


def lasting(seconds: float) -> str:
    """Seconds with two decimals, and milliseconds where those would say little.

    Args:
        seconds: 0 or more.

    Example:
        >>> lasting(1.0), lasting(0.004)
        ('1.00 s', '4 ms')
    """
    return f"{seconds:.2f} s" if seconds >= SHORT_SECONDS or seconds == 0 else f"{1000 * seconds:.3g} ms"
