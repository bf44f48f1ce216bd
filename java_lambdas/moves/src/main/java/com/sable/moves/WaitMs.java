package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/** Says how many milliseconds to wait before an attempt. */
public final class WaitMs implements RequestHandler<Map<String, Object>, Long> {
  @Override
  public Long handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return Retries.waitMs(
        request.whole("attempt"),
        request.findWhole("base").orElse(Retries.DEFAULT_BASE_MS),
        request.findWhole("ceiling").orElse(Retries.DEFAULT_CEILING_MS),
        request.findText("salt").orElse(""));
  }
}
