package com.sable.moves;

/** How a copy is cut into chunks. */
final class Chunks {
  private static final long MOST_ROWS = 5000;

  private Chunks() {}

  /** Rows whose bytes come near to a chunk's: at least 1, at most 5,000. */
  static long rowsPerChunk(long totalBytes, long totalRows, long chunkBytes) {
    if (totalRows <= 0 || totalBytes <= 0) {
      return MOST_ROWS;
    }
    long average = -Math.floorDiv(-totalBytes, totalRows);
    return clamp(Math.floorDiv(chunkBytes, average));
  }

  /** Chunks that hold all rows; an empty endpoint takes one. */
  static long chunkCount(long totalRows, long rows) {
    return Math.max(1, Math.floorDiv(Math.addExact(totalRows, Math.subtractExact(rows, 1)), rows));
  }

  /**
   * Rows of the next chunk, so that one takes about as long as it should. A clock that was set back
   * meanwhile counts as one millisecond.
   */
  static long nextRows(long rows, double elapsedMs, double aimMs) {
    double ratio = aimMs / (elapsedMs > 1 ? elapsedMs : 1);
    double factor = ratio > 0.5 ? Math.min(ratio, 2) : 0.5;
    return clamp((long) Math.rint(rows * factor));
  }

  private static long clamp(long rows) {
    return Math.max(1, Math.min(MOST_ROWS, rows));
  }
}
