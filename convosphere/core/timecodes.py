"""Places in time as players show them."""


def timecode(seconds: int) -> str:
    """`12:34`, from an hour on `1:02:03`."""
    minutes, seconds = divmod(max(seconds, 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
