package fleet;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;
import java.util.Map;

/** `plan` as a Lambda that takes and gives maps. */
public final class PlanMapHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  @Override
  @SuppressWarnings("unchecked")
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Planning.plan(
        (List<Map<String, Object>>) event.get("moves"),
        (List<Map<String, Object>>) event.get("hosts"),
        ((Number) event.get("limit")).longValue(),
        ((Number) event.get("offset")).longValue());
  }
}
