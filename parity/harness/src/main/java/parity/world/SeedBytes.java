package parity.world;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The bytes of a seed: SHA-256 of {@code SEED:0}, {@code SEED:1} and so on, one after the other. */
final class SeedBytes {
  private final String seed;
  private byte[] block = {};
  private int used;
  private long counter;

  SeedBytes(BigInteger seed) {
    this.seed = seed.toString();
  }

  synchronized void fill(byte[] target) {
    for (int i = 0; i < target.length; i++) {
      if (used == block.length) {
        block = next();
        used = 0;
      }
      target[i] = block[used++];
    }
  }

  private byte[] next() {
    try {
      String text = seed + ":" + counter++;
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException error) {
      throw new IllegalStateException(error);
    }
  }
}
