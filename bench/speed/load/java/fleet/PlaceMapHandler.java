package fleet;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;

/** `place` as a Lambda that takes and gives maps. */
public final class PlaceMapHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    return Slots.place(
        (String) event.get("endpoint"),
        ((Number) event.get("change")).longValue(),
        ((Number) event.get("copies")).longValue());
  }
}
