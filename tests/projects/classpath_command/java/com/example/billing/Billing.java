package com.example.billing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;

/** Invoices. */
public final class Billing {
  private static final Map<String, String> RATES =
      Map.of("normal", "8.1", "reduced", "2.6", "lodging", "3.8", "none", "0");

  private Billing() {}

  public static BigDecimal vat(BigDecimal net, String rate) {
    String percent = RATES.get(rate);
    if (percent == null) {
      throw new RejectedException(rate);
    }
    BigDecimal part = net.multiply(new BigDecimal(percent)).movePointLeft(2);
    return part.setScale(2, RoundingMode.HALF_UP);
  }

  public static String invoiceNumber(int year, int serial) {
    String digits = String.format("%04d%06d", year, serial);
    int check = 0;
    for (int i = 0; i < digits.length(); i++) {
      check += (digits.charAt(i) - '0') * (i % 2 == 1 ? 3 : 1);
    }
    return "CH" + digits + "-" + check % 10;
  }

  /** Pays in place, as far as the payment goes. */
  public static long settle(List<Map<String, Object>> invoices, long payment) {
    long left = payment;
    for (Map<String, Object> invoice : invoices) {
      long cents = ((Number) invoice.get("cents")).longValue();
      if (cents <= left && !((Boolean) invoice.get("paid"))) {
        left -= cents;
        invoice.put("paid", true);
      }
    }
    return left;
  }
}
