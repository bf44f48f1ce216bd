package com.example.warehouse;

/** A stock keeping unit that no order has. */
public class UnknownSkuException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownSkuException(String sku) {
    super(sku);
  }
}
