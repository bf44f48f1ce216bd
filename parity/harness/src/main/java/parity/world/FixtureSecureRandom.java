package parity.world;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/** A {@code new SecureRandom()}: the fixture's bytes where it has a seed, as python's secrets. */
public final class FixtureSecureRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;
  private static final double UNIT = 0x1.0p-53;
  private final SecureRandom real;

  public FixtureSecureRandom() {
    this(new SecureRandom());
  }

  FixtureSecureRandom(SecureRandom real) {
    super(new Source(real), real.getProvider());
    this.real = real;
  }

  private static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;
    private final SecureRandom real;

    Source(SecureRandom real) {
      this.real = real;
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      real.setSeed(seed);
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      SeedBytes fixed = World.bytes();
      if (fixed == null) {
        real.nextBytes(bytes);
      } else {
        fixed.fill(bytes);
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] seed = new byte[count];
      engineNextBytes(seed);
      return seed;
    }
  }

  @Override
  public String getAlgorithm() {
    return real == null ? "unknown" : real.getAlgorithm();
  }

  @Override
  public String toString() {
    return real.toString();
  }

  /** As {@code secrets.randbelow(bound)}. */
  @Override
  public int nextInt(int bound) {
    if (World.bytes() == null) {
      return super.nextInt(bound);
    }
    return (int) below(bound);
  }

  @Override
  public int nextInt(int origin, int bound) {
    if (World.bytes() == null || origin >= bound) {
      return super.nextInt(origin, bound);
    }
    return (int) (origin + below((long) bound - origin));
  }

  @Override
  public long nextLong(long bound) {
    return World.bytes() == null ? super.nextLong(bound) : below(bound);
  }

  private long below(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive");
    }
    int count = Long.SIZE - Long.numberOfLeadingZeros(bound);
    long drawn = bits(count);
    while (drawn >= bound) {
      drawn = bits(count);
    }
    return drawn;
  }

  private long bits(int count) {
    byte[] bytes = new byte[(count + 7) / 8];
    nextBytes(bytes);
    long drawn = 0;
    for (byte one : bytes) {
      drawn = drawn << 8 | one & 0xff;
    }
    return drawn >>> (bytes.length * 8 - count);
  }

  /** As {@code random.SystemRandom().random()}. */
  @Override
  public double nextDouble() {
    return World.bytes() == null ? super.nextDouble() : (bits(56) >>> 3) * UNIT;
  }
}
