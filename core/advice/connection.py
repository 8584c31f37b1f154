"""What a page says while the server does not answer, and once it does again."""

AWAY = (
    "The server does not answer. These are the figures of before; what you set is kept, "
    "and counts once it is back."
)
BACK = "The server answers again."
