package com.example.warehouse;

/** Gives awkward methods the shape of what they replace. */
final class Adapters {
  private Adapters() {}

  /** The label, which the port appends to what it is given. */
  static String label(Address address, int width) {
    StringBuilder out = new StringBuilder();
    Orders.printLabel(address, width, out);
    return out.toString();
  }
}
