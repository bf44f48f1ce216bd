package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Takes as long as it is told to. */
public final class Slow implements RequestHandler<Map<String, Object>, String> {
  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    try {
      Thread.sleep(1000L * ((Number) event.get("seconds")).longValue());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "rested";
  }
}
