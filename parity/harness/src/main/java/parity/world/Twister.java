package parity.world;

import java.math.BigInteger;

/** The Mersenne Twister, seeded and read as python's {@code random} does. */
final class Twister {
  private static final int N = 624;
  private static final int M = 397;
  private static final int UPPER = 0x8000_0000;
  private static final int LOWER = 0x7fff_ffff;
  private final int[] state = new int[N];
  private int at = N;
  private double spare = Double.NaN;

  Twister(BigInteger seed) {
    BigInteger left = seed.abs();
    int[] key = new int[Math.max(1, (left.bitLength() + 31) / 32)];
    for (int i = 0; i < key.length; i++) {
      key[i] = left.intValue();
      left = left.shiftRight(32);
    }
    init(19_650_218);
    mix(key);
  }

  private void init(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1_812_433_253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  private void mix(int[] key) {
    int i = 1;
    int j = 0;
    for (int left = Math.max(N, key.length); left > 0; left--) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1_664_525)) + key[j] + j;
      i = following(i);
      j = (j + 1) % key.length;
    }
    for (int left = N - 1; left > 0; left--) {
      state[i] = (state[i] ^ ((state[i - 1] ^ (state[i - 1] >>> 30)) * 1_566_083_941)) - i;
      i = following(i);
    }
    state[0] = UPPER;
  }

  private int following(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  private int word() {
    if (at == N) {
      for (int i = 0; i < N; i++) {
        int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
        state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : 0x9908_b0df);
      }
      at = 0;
    }
    int y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c_5680;
    y ^= (y << 15) & 0xefc6_0000;
    return y ^ (y >>> 18);
  }

  /** As {@code random.random()}. */
  synchronized double random() {
    long high = word() >>> 5;
    long low = word() >>> 6;
    return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
  }

  /** As {@code random.getrandbits(count)}, for up to 64 bits. */
  synchronized long bits(int count) {
    if (count <= 32) {
      return count == 0 ? 0 : Integer.toUnsignedLong(word() >>> (32 - count));
    }
    long low = Integer.toUnsignedLong(word());
    return low | Integer.toUnsignedLong(word() >>> (64 - count)) << 32;
  }

  /** As {@code random.randrange(bound)}. */
  synchronized long below(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive");
    }
    int count = 64 - Long.numberOfLeadingZeros(bound);
    long drawn = bits(count);
    while (drawn >= bound || drawn < 0) {
      drawn = bits(count);
    }
    return drawn;
  }

  /** As {@code random.randrange(origin, bound)}. */
  long between(long origin, long bound) {
    if (origin >= bound) {
      throw new IllegalArgumentException("bound must be greater than origin");
    }
    long width = bound - origin;
    if (width > 0) {
      return origin + below(width);
    }
    long drawn = bits(64); // wider than a long: as getrandbits, until it fits
    while (Long.compareUnsigned(drawn, width) >= 0) {
      drawn = bits(64);
    }
    return origin + drawn;
  }

  /** As {@code random.randbytes(length)}. */
  synchronized void fill(byte[] target) {
    for (int from = 0; from < target.length; from += 4) {
      int left = Math.min(4, target.length - from);
      int word = word() >>> (32 - 8 * left);
      for (int i = 0; i < left; i++) {
        target[from + i] = (byte) (word >>> (8 * i));
      }
    }
  }

  /** As {@code random.gauss(0, 1)}. */
  synchronized double gauss() {
    double kept = spare;
    spare = Double.NaN;
    if (!Double.isNaN(kept)) {
      return kept;
    }
    double angle = random() * 2 * Math.PI;
    double radius = Math.sqrt(-2.0 * StrictMath.log(1.0 - random()));
    spare = StrictMath.sin(angle) * radius;
    return StrictMath.cos(angle) * radius;
  }
}
