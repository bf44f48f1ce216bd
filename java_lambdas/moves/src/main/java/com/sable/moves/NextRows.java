package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/** Sizes the next chunk of a copy by the time that the last one took. */
public final class NextRows implements RequestHandler<Map<String, Object>, Long> {
  private static final double DEFAULT_AIM_MS = 200;

  @Override
  public Long handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return Chunks.nextRows(
        request.whole("rows"),
        request.number("elapsed_ms"),
        request.findNumber("aim_ms").orElse(DEFAULT_AIM_MS));
  }
}
