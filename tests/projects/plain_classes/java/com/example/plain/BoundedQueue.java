package com.example.plain;

import java.util.ArrayDeque;

/** A queue with a limit. */
public final class BoundedQueue {
  private final int limit;
  private final ArrayDeque<String> items = new ArrayDeque<>();

  public BoundedQueue() {
    this(3);
  }

  public BoundedQueue(int limit) {
    this.limit = limit;
  }

  /** Puts an item at the end. */
  public int offer(String item) {
    if (items.size() >= limit) {
      throw new NoRoomException(item);
    }
    items.addLast(item);
    return items.size();
  }

  /** Takes the first item. */
  public String poll() {
    return items.removeFirst();
  }

  public String peek() {
    return items.peekFirst();
  }

  public int size() {
    return items.size();
  }
}
