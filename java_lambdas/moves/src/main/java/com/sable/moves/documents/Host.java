package com.sable.moves.documents;

/** A storage host: where it is, the bytes it holds at most, and the moves it takes at once. */
public record Host(String address, long capacity, long limit) {
  /** A registered host. */
  public static Host of(Object value) {
    Document host = Document.of(value);
    return new Host(host.text("address"), host.whole("capacity"), host.whole("limit"));
  }
}
