"""Messages: how one-time codes reach phones."""
