package server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** What is there. */
public final class Stock {
  private Stock() {}

  /** Positions at which two counts are not the same. */
  public static List<Integer> changed(List<Long> before, List<Long> after) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      if (!before.get(i).equals(after.get(i))) {
        places.add(i);
      }
    }
    return places;
  }

  /** What is left of the stock after an order; what runs out is no longer listed. */
  public static Map<String, Long> reserve(Map<String, Long> stock, Map<String, Long> order) {
    Map<String, Long> left = new LinkedHashMap<>(stock);
    for (Map.Entry<String, Long> item : order.entrySet()) {
      String name = item.getKey();
      if (!left.containsKey(name)) {
        throw new NoSuchElementException(name);
      }
      if (left.get(name) < item.getValue()) {
        throw new OutOfStockException(name);
      }
      left.merge(name, -item.getValue(), Long::sum);
    }
    left.values().removeIf(count -> count == 0);
    return left;
  }
}
