package com.sable.moves;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/** When to try again, when to roll back, and how long to wait. */
final class Retries {
  static final long DEFAULT_BASE_MS = 25;
  static final long DEFAULT_CEILING_MS = 1000;

  private static final Set<String> PASSING = Set.of("Unavailable", "Frozen", "NotHere");
  private static final Set<String> BEFORE_SWITCH =
      Set.of("plan", "lock", "copy", "catch_up", "verify", "freeze", "switch");
  private static final int MOST_ATTEMPTS = 14; // five to nine seconds: a started host is back
  private static final int MOST_DOUBLINGS = 40;
  private static final int LARGEST_SHARE = 50;

  private Retries() {}

  /** What follows a failure, as the state machine spells it. */
  enum Decision {
    RETRY("retry"),
    ROLL_BACK("roll_back"),
    STOP("stop"),
    LOOK_UP("look_up"),
    GIVE_UP("give_up");

    private final String word;

    Decision(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** What a writer does after a failed write, and the milliseconds to wait before it. */
  record WriterDecision(Decision decision, long waitMs) {}

  /**
   * Milliseconds before an attempt: doubled each time up to a ceiling, less a share that is drawn
   * from the salt, so that moves which failed together do not come back together.
   */
  static long waitMs(long attempt, long base, long ceiling, String salt) {
    if (attempt <= 0) {
      return 0;
    }
    int doublings = (int) Math.min(attempt - 1, MOST_DOUBLINGS);
    long full =
        BigInteger.valueOf(base)
            .shiftLeft(doublings)
            .min(BigInteger.valueOf(ceiling))
            .longValueExact();
    if (salt.isEmpty()) {
      return full;
    }
    CRC32 drawn = new CRC32();
    drawn.update((salt + ":" + attempt).getBytes(StandardCharsets.UTF_8));
    long share = drawn.getValue() % LARGEST_SHARE;
    return full - Math.floorDiv(Math.multiplyExact(full, share), 100);
  }

  /** Milliseconds before an attempt, by the usual measure and without a salt. */
  static long waitMs(long attempt) {
    return waitMs(attempt, DEFAULT_BASE_MS, DEFAULT_CEILING_MS, "");
  }

  /**
   * What follows a failed step. A leader that is fenced stops. After the switch there is no way
   * back, so it is retried for ever.
   */
  static Decision decide(String step, String error, long attempt, boolean switched) {
    if (error.equals("Fenced")) {
      return Decision.STOP;
    } else if (switched || !BEFORE_SWITCH.contains(step)) {
      return Decision.RETRY;
    } else if (error.equals("CopyDiffers")) {
      return step.equals("catch_up") && attempt < 2 ? Decision.RETRY : Decision.ROLL_BACK;
    }
    boolean again = PASSING.contains(error) && attempt < MOST_ATTEMPTS;
    return again ? Decision.RETRY : Decision.ROLL_BACK;
  }

  /** What a writer does after its {@code attempt}th failure of at {@code most} so many. */
  static WriterDecision writerDecision(String error, long attempt, long most) {
    if (attempt >= most) {
      return new WriterDecision(Decision.GIVE_UP, 0);
    }
    return switch (error) {
      case "NotHere" -> new WriterDecision(Decision.LOOK_UP, briefly(Math.min(attempt, 5), 50));
      case "Frozen" -> new WriterDecision(Decision.RETRY, briefly(Math.min(attempt, 4), 20));
      case "Unavailable" -> new WriterDecision(Decision.LOOK_UP, waitMs(attempt, 20, 250, ""));
      default -> new WriterDecision(Decision.GIVE_UP, 0);
    };
  }

  private static long briefly(long attempt, long ceiling) {
    return waitMs(attempt, 2, ceiling, "");
  }
}
