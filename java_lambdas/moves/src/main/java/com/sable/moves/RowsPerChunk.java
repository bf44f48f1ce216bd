package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/** Sizes the first chunk of a copy. */
public final class RowsPerChunk implements RequestHandler<Map<String, Object>, Long> {
  @Override
  public Long handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return Chunks.rowsPerChunk(
        request.whole("total_bytes"), request.whole("total_rows"), request.whole("chunk_bytes"));
  }
}
