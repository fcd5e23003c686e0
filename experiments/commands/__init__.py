"""The subcommands of `galleria`, one file each."""
