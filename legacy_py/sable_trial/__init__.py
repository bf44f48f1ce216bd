"""BatchMoveEndpoint on both sides, as `parity run --workflow` asks."""
