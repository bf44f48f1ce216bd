package server;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fees and invoices. */
public final class Billing {
  private Billing() {}

  /** The share of a fee for some days of a period. */
  public static long prorate(long cents, int days, int of) {
    if (of <= 0) {
      throw new IllegalArgumentException("a period of " + of + " days");
    }
    return Math.floorDiv(Math.multiplyExact(cents, (long) days), (long) of);
  }

  /** The sums of an invoice, to the cent. */
  public static Map<String, Object> invoice(
      List<Map<String, Object>> lines, BigDecimal rate, Map<String, String> customer) {
    BigDecimal net = BigDecimal.ZERO;
    for (Map<String, Object> line : lines) {
      BigDecimal price = (BigDecimal) line.get("price");
      net = net.add(price.multiply(BigDecimal.valueOf((Integer) line.get("count"))));
    }
    net = net.setScale(2, RoundingMode.HALF_EVEN);
    BigDecimal tax = net.multiply(rate).setScale(2, RoundingMode.HALF_EVEN);
    Map<String, Object> sums = new LinkedHashMap<>();
    sums.put("net", net);
    sums.put("tax", tax);
    sums.put("total", net.add(tax));
    sums.put("currency", customer.getOrDefault("currency", "EUR"));
    sums.put("reference", customer.get("reference"));
    return sums;
  }
}
