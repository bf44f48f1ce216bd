package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.LinkedHashMap;
import java.util.Map;

/** The price of one line of an order, in cents. */
public final class PriceLine implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final Map<String, Long> CENTS = Map.of("apple", 30L, "pear", 45L, "plum", 12L);

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> line, Context context) {
    String article = (String) line.get("article");
    long count = ((Number) line.get("count")).longValue();
    Long cents = CENTS.get(article);
    if (cents == null) {
      throw new UnknownArticle(article);
    }
    if (article.equals("plum") && ((Number) line.getOrDefault("attempt", 0)).intValue() == 0) {
      throw new Busy("plums are being counted");
    }
    Map<String, Object> priced = new LinkedHashMap<>(line);
    priced.remove("attempt");
    priced.put("cents", discounted(cents * count, count));
    return priced;
  }

  /** A tenth off from ten pieces on, rounded down. */
  private static long discounted(long cents, long count) {
    return count >= 10 ? Math.floorDiv(cents * 9, 10) : cents;
  }
}
