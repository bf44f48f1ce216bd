package com.example.warehouse;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Orders: lines, totals, priorities. */
public final class Orders {
  private static final BigDecimal HUNDRED = new BigDecimal("100");

  private Orders() {}

  public static BigDecimal orderTotal(List<Line> lines, BigDecimal discount) {
    if (discount.signum() < 0 || discount.compareTo(HUNDRED) > 0) {
      throw new IllegalArgumentException("discount " + discount);
    }
    BigDecimal whole = BigDecimal.ZERO;
    for (Line line : lines) {
      whole = whole.add(line.cost());
    }
    BigDecimal cut = whole.multiply(HUNDRED.subtract(discount)).movePointLeft(2);
    return cut.setScale(2, RoundingMode.HALF_EVEN);
  }

  public static Line mergeLines(Line one, Line other) {
    if (!one.sku().equals(other.sku())) {
      throw new UnknownSkuException(other.sku());
    }
    boolean lower = other.unitPrice().compareTo(one.unitPrice()) < 0;
    BigDecimal price = lower ? other.unitPrice() : one.unitPrice();
    return new Line(one.sku(), one.quantity() + other.quantity(), price);
  }

  public static Optional<Line> findLine(List<Line> lines, String sku) {
    return lines.stream().filter(line -> line.sku().equals(sku)).findFirst();
  }

  public static Priority priorityOf(int days, boolean express) {
    if (days < 0) {
      throw new IllegalArgumentException("too late");
    }
    if (express || days < 2) {
      return Priority.URGENT;
    }
    return days < 10 ? Priority.NORMAL : Priority.LOW;
  }

  public static Priority mostUrgent(List<Priority> priorities) {
    return priorities.stream().reduce((a, b) -> b.isBefore(a) ? b : a).orElseThrow();
  }

  public static Set<String> missingSkus(Set<String> wanted, Set<String> stocked) {
    Set<String> missing = new HashSet<>(wanted);
    missing.removeAll(stocked);
    return missing;
  }

  public static int restock(Map<String, Integer> stock, String sku, int amount) {
    if (amount <= 0) {
      throw new IllegalArgumentException("nothing to add");
    }
    return stock.merge(sku, amount, Integer::sum);
  }

  public static void dropEmpty(List<Line> lines) {
    lines.removeIf(line -> line.quantity() == 0);
  }

  public static Iterable<BigDecimal> runningTotals(List<Line> lines) {
    return () ->
        new Iterator<>() {
          private final Iterator<Line> rest = lines.iterator();
          private BigDecimal total = BigDecimal.ZERO;

          @Override
          public boolean hasNext() {
            return rest.hasNext();
          }

          @Override
          public BigDecimal next() {
            total = total.add(rest.next().cost());
            return total;
          }
        };
  }

  public static Address moveHouse(Address address, int steps) {
    Address moved = new Address();
    moved.setStreetName(address.getStreetName().toUpperCase(Locale.ROOT));
    moved.setHouseNumber(address.getHouseNumber() + steps);
    return moved;
  }

  /** Appends the address as it is printed; code points are what is counted. */
  public static void printLabel(Address address, int width, StringBuilder out) {
    String text = address.getStreetName() + " " + address.getHouseNumber();
    if (text.codePointCount(0, text.length()) <= width) {
      out.append(text);
    } else {
      out.append(text, 0, text.offsetByCodePoints(0, width - 1)).append('…');
    }
  }

  static List<String> skus(List<Line> lines) {
    List<String> skus = new ArrayList<>();
    lines.forEach(line -> skus.add(line.sku()));
    return skus;
  }
}
