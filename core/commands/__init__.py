"""What each command of `persuadable` does, once its options are read (core/cli)."""
