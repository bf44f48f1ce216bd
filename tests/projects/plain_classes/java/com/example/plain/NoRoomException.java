package com.example.plain;

/** There is no room left. */
public class NoRoomException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NoRoomException(String item) {
    super(item);
  }
}
