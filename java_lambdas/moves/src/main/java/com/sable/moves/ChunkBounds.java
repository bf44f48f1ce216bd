package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import com.sable.moves.documents.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says where a chunk ends and whether it is the last one. */
public final class ChunkBounds implements RequestHandler<Map<String, Object>, ChunkBounds.Bounds> {
  private static final long BYTES_OF_NO_VALUE = 4; // as the legacy server counts it

  /** The last key of a chunk, its rows and bytes, and whether no chunk follows. */
  public record Bounds(Optional<String> last_key, long rows, long bytes, boolean done) {}

  @Override
  public Bounds handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    List<Row> rows = request.list("rows", Row::of);
    if (rows.isEmpty()) {
      return new Bounds(Optional.empty(), 0, 0, true);
    }
    long bytes = rows.stream().mapToLong(ChunkBounds::bytes).sum();
    Optional<String> lastKey = Optional.of(rows.get(rows.size() - 1).key());
    return new Bounds(lastKey, rows.size(), bytes, rows.size() < request.whole("wanted"));
  }

  private static long bytes(Row row) {
    return bytes(row.key()) + row.value().map(ChunkBounds::bytes).orElse(BYTES_OF_NO_VALUE);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
