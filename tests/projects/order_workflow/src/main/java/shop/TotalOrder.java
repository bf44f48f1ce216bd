package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sum of an order, in cents; lines that were left cost nothing. */
public final class TotalOrder implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  @Override
  public Map<String, Object> handleRequest(Map<String, Object> order, Context context) {
    long sum = 0;
    for (Object line : (List<?>) order.get("lines")) {
      Object cents = ((Map<?, ?>) line).get("cents");
      sum += cents == null ? 0 : ((Number) cents).longValue();
    }
    Map<String, Object> whole = new LinkedHashMap<>(order);
    whole.put("cents", sum);
    return whole;
  }
}
