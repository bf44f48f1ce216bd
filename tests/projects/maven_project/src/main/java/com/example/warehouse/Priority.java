package com.example.warehouse;

/** How soon an order leaves. */
public enum Priority {
  LOW,
  NORMAL,
  URGENT;

  /** Whether this leaves before the other. */
  boolean isBefore(Priority other) {
    return compareTo(other) > 0;
  }
}
