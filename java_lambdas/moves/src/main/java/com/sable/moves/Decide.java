package com.sable.moves;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.sable.moves.documents.Document;
import java.util.Map;

/** Decides what follows a failed step: {@code retry}, {@code roll_back} or {@code stop}. */
public final class Decide implements RequestHandler<Map<String, Object>, String> {
  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    Document request = Document.of(event);
    return Retries.decide(
            request.text("step"),
            request.text("error"),
            request.whole("attempt"),
            request.flag("switched"))
        .word();
  }
}
