"""Questions about releases, asked of two versions of one library."""
