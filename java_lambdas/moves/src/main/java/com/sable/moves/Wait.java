package com.sable.moves;

/** Lets time pass. */
@FunctionalInterface
public interface Wait {
  /** Sleeps; an interrupted thread goes on at once. */
  Wait SLEEPING =
      seconds -> {
        try {
          Thread.sleep(Math.round(seconds * 1000));
          return false;
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          return true;
        }
      };

  /** Waits so many seconds; whether it was told to stop meanwhile. */
  boolean of(double seconds);
}
