package parity.world;

import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A {@code new Random()}: draws from the fixture's seed where it has one, as python does. */
public final class FixtureRandom extends Random {
  private static final long serialVersionUID = 1L;
  private static final RandomGenerator SHARED = new FixtureRandom();
  private final boolean made;
  private boolean seeded;

  public FixtureRandom() {
    made = true;
  }

  /** Itself, but the fixture's where the generator is the thread's own and the fixture has one. */
  static RandomGenerator of(RandomGenerator generator) {
    boolean shared = generator instanceof java.util.concurrent.ThreadLocalRandom;
    return shared && World.twister() != null ? SHARED : generator;
  }

  private Twister twister() {
    return seeded ? null : World.twister();
  }

  /** From then on it is an ordinary one of that seed. */
  @Override
  public synchronized void setSeed(long seed) {
    super.setSeed(seed);
    seeded = made;
  }

  @Override
  protected int next(int bits) {
    Twister twister = twister();
    return twister == null ? super.next(bits) : (int) twister.bits(bits);
  }

  @Override
  public int nextInt(int bound) {
    Twister twister = twister();
    return twister == null ? super.nextInt(bound) : (int) twister.below(bound);
  }

  @Override
  public int nextInt(int origin, int bound) {
    Twister twister = twister();
    return twister == null ? super.nextInt(origin, bound) : (int) twister.between(origin, bound);
  }

  @Override
  public long nextLong() {
    Twister twister = twister();
    return twister == null ? super.nextLong() : twister.bits(Long.SIZE);
  }

  @Override
  public long nextLong(long bound) {
    Twister twister = twister();
    return twister == null ? super.nextLong(bound) : twister.below(bound);
  }

  @Override
  public long nextLong(long origin, long bound) {
    Twister twister = twister();
    return twister == null ? super.nextLong(origin, bound) : twister.between(origin, bound);
  }

  @Override
  public double nextDouble() {
    Twister twister = twister();
    return twister == null ? super.nextDouble() : twister.random();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    Twister twister = twister();
    if (twister == null) {
      super.nextBytes(bytes);
    } else {
      twister.fill(bytes);
    }
  }

  @Override
  public synchronized double nextGaussian() {
    Twister twister = twister();
    return twister == null ? super.nextGaussian() : twister.gauss();
  }

  @Override
  public IntStream ints() {
    return twister() == null ? super.ints() : IntStream.generate(this::nextInt);
  }

  @Override
  public IntStream ints(long count) {
    return twister() == null ? super.ints(count) : ints().limit(count);
  }

  @Override
  public IntStream ints(int origin, int bound) {
    return twister() == null
        ? super.ints(origin, bound)
        : IntStream.generate(() -> nextInt(origin, bound));
  }

  @Override
  public IntStream ints(long count, int origin, int bound) {
    return twister() == null
        ? super.ints(count, origin, bound)
        : ints(origin, bound).limit(count);
  }

  @Override
  public LongStream longs() {
    return twister() == null ? super.longs() : LongStream.generate(this::nextLong);
  }

  @Override
  public LongStream longs(long count) {
    return twister() == null ? super.longs(count) : longs().limit(count);
  }

  @Override
  public LongStream longs(long origin, long bound) {
    return twister() == null
        ? super.longs(origin, bound)
        : LongStream.generate(() -> nextLong(origin, bound));
  }

  @Override
  public LongStream longs(long count, long origin, long bound) {
    return twister() == null
        ? super.longs(count, origin, bound)
        : longs(origin, bound).limit(count);
  }

  @Override
  public DoubleStream doubles() {
    return twister() == null ? super.doubles() : DoubleStream.generate(this::nextDouble);
  }

  @Override
  public DoubleStream doubles(long count) {
    return twister() == null ? super.doubles(count) : doubles().limit(count);
  }
}
