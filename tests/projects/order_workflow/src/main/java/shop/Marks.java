package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** Takes as many milliseconds as it is told to, and then leaves a line in its log. */
public final class Marks implements RequestHandler<Map<String, Object>, String> {
  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    String mark = (String) event.get("mark");
    try {
      Thread.sleep(((Number) event.get("ms")).longValue());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    System.out.println("mark " + mark);
    return mark;
  }
}
