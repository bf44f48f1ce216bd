package parity.world;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomParameters;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Stands in for what draws lots. */
public final class Chances {
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private Chances() {}

  public static double random() {
    Twister twister = World.twister();
    return twister == null ? Math.random() : twister.random();
  }

  /** The seed of a generator that is made without one and cannot be stood in for. */
  public static long seed() {
    Twister twister = World.twister();
    return twister == null ? ThreadLocalRandom.current().nextLong() : twister.bits(Long.SIZE);
  }

  public static SplittableRandom newSplittableRandom() {
    return new SplittableRandom(seed());
  }

  public static RandomGenerator getDefault() {
    return World.twister() == null ? RandomGenerator.getDefault() : new FixtureRandom();
  }

  /** As python's {@code uuid.uuid4()}. */
  public static UUID randomUUID() {
    SeedBytes bytes = World.bytes();
    if (bytes == null) {
      return UUID.randomUUID();
    }
    byte[] drawn = new byte[16];
    bytes.fill(drawn);
    ByteBuffer halves = ByteBuffer.wrap(drawn);
    long high = halves.getLong() & ~0xf000L | VERSION_4;
    return new UUID(high, halves.getLong() & 0x3fff_ffff_ffff_ffffL | VARIANT);
  }

  /** As python's {@code random.shuffle}. */
  public static void shuffle(List<?> list) {
    Collections.shuffle(list, new FixtureRandom());
  }

  public static void shuffle(List<?> list, Random random) {
    boolean shared = random instanceof ThreadLocalRandom && World.twister() != null;
    Collections.shuffle(list, shared ? new FixtureRandom() : random);
  }

  public static void shuffle(List<?> list, RandomGenerator random) {
    for (int i = list.size(); i > 1; i--) {
      Collections.swap(list, i - 1, FixtureRandom.of(random).nextInt(i));
    }
  }

  // ------------------------------------------------------------ java.security

  public static SecureRandom getInstance(String algorithm) throws NoSuchAlgorithmException {
    return new FixtureSecureRandom(SecureRandom.getInstance(algorithm));
  }

  public static SecureRandom getInstance(String algorithm, String provider)
      throws NoSuchAlgorithmException, NoSuchProviderException {
    return new FixtureSecureRandom(SecureRandom.getInstance(algorithm, provider));
  }

  public static SecureRandom getInstance(String algorithm, Provider provider)
      throws NoSuchAlgorithmException {
    return new FixtureSecureRandom(SecureRandom.getInstance(algorithm, provider));
  }

  public static SecureRandom getInstance(String algorithm, SecureRandomParameters parameters)
      throws NoSuchAlgorithmException {
    return new FixtureSecureRandom(SecureRandom.getInstance(algorithm, parameters));
  }

  public static SecureRandom getInstanceStrong() throws NoSuchAlgorithmException {
    return new FixtureSecureRandom(SecureRandom.getInstanceStrong());
  }

  // ------------------------------------------------------------ the thread's own generator

  public static int nextInt(RandomGenerator random) {
    return FixtureRandom.of(random).nextInt();
  }

  public static int nextInt(RandomGenerator random, int bound) {
    return FixtureRandom.of(random).nextInt(bound);
  }

  public static int nextInt(RandomGenerator random, int origin, int bound) {
    return FixtureRandom.of(random).nextInt(origin, bound);
  }

  public static long nextLong(RandomGenerator random) {
    return FixtureRandom.of(random).nextLong();
  }

  public static long nextLong(RandomGenerator random, long bound) {
    return FixtureRandom.of(random).nextLong(bound);
  }

  public static long nextLong(RandomGenerator random, long origin, long bound) {
    return FixtureRandom.of(random).nextLong(origin, bound);
  }

  public static double nextDouble(RandomGenerator random) {
    return FixtureRandom.of(random).nextDouble();
  }

  public static double nextDouble(RandomGenerator random, double bound) {
    return FixtureRandom.of(random).nextDouble(bound);
  }

  public static double nextDouble(RandomGenerator random, double origin, double bound) {
    return FixtureRandom.of(random).nextDouble(origin, bound);
  }

  public static float nextFloat(RandomGenerator random) {
    return FixtureRandom.of(random).nextFloat();
  }

  public static float nextFloat(RandomGenerator random, float bound) {
    return FixtureRandom.of(random).nextFloat(bound);
  }

  public static float nextFloat(RandomGenerator random, float origin, float bound) {
    return FixtureRandom.of(random).nextFloat(origin, bound);
  }

  public static boolean nextBoolean(RandomGenerator random) {
    return FixtureRandom.of(random).nextBoolean();
  }

  public static void nextBytes(RandomGenerator random, byte[] bytes) {
    FixtureRandom.of(random).nextBytes(bytes);
  }

  public static double nextGaussian(RandomGenerator random) {
    return FixtureRandom.of(random).nextGaussian();
  }

  public static double nextGaussian(RandomGenerator random, double mean, double deviation) {
    return FixtureRandom.of(random).nextGaussian(mean, deviation);
  }

  public static double nextExponential(RandomGenerator random) {
    return FixtureRandom.of(random).nextExponential();
  }

  public static IntStream ints(RandomGenerator random) {
    return FixtureRandom.of(random).ints();
  }

  public static IntStream ints(RandomGenerator random, long count) {
    return FixtureRandom.of(random).ints(count);
  }

  public static IntStream ints(RandomGenerator random, int origin, int bound) {
    return FixtureRandom.of(random).ints(origin, bound);
  }

  public static IntStream ints(RandomGenerator random, long count, int origin, int bound) {
    return FixtureRandom.of(random).ints(count, origin, bound);
  }

  public static LongStream longs(RandomGenerator random) {
    return FixtureRandom.of(random).longs();
  }

  public static LongStream longs(RandomGenerator random, long count) {
    return FixtureRandom.of(random).longs(count);
  }

  public static LongStream longs(RandomGenerator random, long origin, long bound) {
    return FixtureRandom.of(random).longs(origin, bound);
  }

  public static LongStream longs(RandomGenerator random, long count, long origin, long bound) {
    return FixtureRandom.of(random).longs(count, origin, bound);
  }

  public static DoubleStream doubles(RandomGenerator random) {
    return FixtureRandom.of(random).doubles();
  }

  public static DoubleStream doubles(RandomGenerator random, long count) {
    return FixtureRandom.of(random).doubles(count);
  }

  public static DoubleStream doubles(RandomGenerator random, double origin, double bound) {
    return FixtureRandom.of(random).doubles(origin, bound);
  }

  public static DoubleStream doubles(
      RandomGenerator random, long count, double origin, double bound) {
    return FixtureRandom.of(random).doubles(count, origin, bound);
  }
}
