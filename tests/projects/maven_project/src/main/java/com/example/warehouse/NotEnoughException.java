package com.example.warehouse;

/** There is less than was asked for. */
public class NotEnoughException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NotEnoughException(String what) {
    super(what);
  }
}
