package com.sable.moves;

import com.sable.moves.documents.Move;
import com.sable.moves.text.Decimals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How far a batch is: percentages, rates, remaining time, percentiles. */
final class Progress {
  private static final double ALL = 100;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private Progress() {}

  /** The steps of a move in their order, and the share of a move that each is, in percent. */
  private enum Step {
    LOCK(2),
    COPY(60),
    CATCH_UP(15),
    VERIFY(10),
    FREEZE(5),
    SWITCH(3),
    RELEASE(5);

    private final long weight;

    Step(long weight) {
      this.weight = weight;
    }

    static Optional<Step> named(String name) {
      return List.of(values()).stream().filter(step -> step.word().equals(name)).findFirst();
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The share of this step and all before it. */
    long passed() {
      return List.of(values()).subList(0, ordinal() + 1).stream()
          .mapToLong(one -> one.weight)
          .sum();
    }
  }

  /** Share of a whole in percent, halves away from zero; 100 only when nothing is left. */
  static double percent(long part, long whole, int digits) {
    if (whole <= 0) {
      return part >= whole ? ALL : 0;
    }
    BigDecimal value =
        Decimals.halfUp(
            BigDecimal.valueOf(part)
                .multiply(HUNDRED, Decimals.PRECISION)
                .divide(BigDecimal.valueOf(whole), Decimals.PRECISION),
            digits);
    if (value.compareTo(HUNDRED) >= 0 && part < whole) {
      value = HUNDRED.subtract(BigDecimal.ONE.movePointLeft(digits));
    }
    return Math.copySign(value.doubleValue(), part);
  }

  /** How far one move is, by the weight of its steps and the rows it has copied. */
  static double movePercent(Move move) {
    if (move.moved() || move.state().equals("rolled_back")) {
      return ALL;
    }
    Optional<Step> step = move.step().flatMap(Step::named);
    long passed = step.map(Step::passed).orElse(0L);
    return step.equals(Optional.of(Step.LOCK)) ? passed + copied(move) : passed;
  }

  private static long copied(Move move) {
    if (move.rows() == 0) {
      return 0;
    }
    long rows = Math.min(move.copied(), move.rows());
    return Math.floorDiv(Math.multiplyExact(Step.COPY.weight, rows), move.rows());
  }

  /** A rate per second as text: whole from 100 on, one decimal below, a dash without time. */
  static String rateText(long count, double milliseconds, String unit) {
    if (milliseconds <= 0) {
      return "- " + unit + "/s";
    }
    double rate = Math.multiplyExact(count, 1000) / milliseconds;
    int decimals = rate >= 100 ? 0 : 1;
    DecimalFormat format =
        new DecimalFormat(
            decimals == 0 ? "#,##0" : "0.0", DecimalFormatSymbols.getInstance(Locale.ROOT));
    String sign = rate < 0 ? "-" : "";
    return sign + format.format(Decimals.halfEven(Math.abs(rate), decimals)) + " " + unit + "/s";
  }

  /** Milliseconds that are left at the pace so far; unknown before one percent. */
  static Optional<BigInteger> remainingMs(double donePercent, double elapsedMs) {
    if (donePercent < 1 || elapsedMs < 0) {
      return Optional.empty();
    }
    double remaining = elapsedMs * (ALL - donePercent) / donePercent;
    return Optional.of(new BigDecimal(Math.ceil(remaining)).toBigInteger());
  }

  /**
   * The smallest sample with at least that share of all at or below it; 0.0 for none. A whole
   * sample stays whole.
   */
  static Number percentile(List<? extends Number> samples, double share) {
    if (samples.isEmpty()) {
      return 0.0;
    } else if (!(share >= 0 && share <= ALL)) {
      throw new IllegalArgumentException(share + " is not a percentage");
    }
    int rank = (int) Math.max(1, Math.ceil(share / ALL * samples.size()));
    return samples.stream()
        .sorted(Comparator.comparing(sample -> new BigDecimal(sample.toString())))
        .toList()
        .get(rank - 1);
  }
}
