"""What a page says while the server does not answer, and once it does again."""

AWAY = (
    "The server does not answer. The figures are those of before; what you set is kept, "
    "and the page works it out by itself once the server is back."
)
BACK = "The server answers again."
