package com.example.warehouse;

import java.math.BigDecimal;

/** One line of an order. */
public record Line(String sku, int quantity, BigDecimal unitPrice) {
  BigDecimal cost() {
    return unitPrice.multiply(BigDecimal.valueOf(quantity));
  }
}
