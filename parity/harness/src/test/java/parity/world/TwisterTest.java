package parity.world;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/** Against what CPython draws: {@code random.Random(seed)}, in the order of the columns. */
class TwisterTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0x1.b0580f98a7dbep-1, 0x1.84129978f9c1ap-1, 746805015404516437, 534771852898, 3,"
        + "0x1.a39cae4fff01ap+0, -0x1.d991050888597p-1, 87bdc1f742027a, 0",
    "1, 0x1.132d8f91b7584p-3, 0x1.b1e2d5b3584f8p-1, 1164115433906158532, 129944532028, 3,"
        + "0x1.3eb8ac6a597d7p-4, -0x1.20bf0a236afbdp+0, 96762e61c6e9c9, -2",
    "12345678901234567890123, 0x1.43a8fefa3d194p-3, 0x1.f9011964cd43ap-1,"
        + "11975785615563573660, 216431717372, 5,"
        + "-0x1.dcea65a7d32f3p-3, 0x1.1839c53459440p-2, a9df49a411d939, 1",
    "-7, 0x1.4b9ad0f953a6ep-2, 0x1.34f0696513270p-3, 890727360438182992, 902254243635, 4,"
        + "0x1.18ff55162bfdap+0, 0x1.79750660b7c9ap-1, 945de2e84ee781, -2",
  })
  void drawsWhatPythonDraws(
      BigInteger seed,
      String first,
      String second,
      String bits,
      long below,
      long below7,
      String gauss,
      String gaussAgain,
      String bytes,
      long between) {
    Twister twister = new Twister(seed);
    assertEquals(Double.parseDouble(first), twister.random());
    assertEquals(Double.parseDouble(second), twister.random());
    assertEquals(bits, Long.toUnsignedString(twister.bits(64)));
    assertEquals(below, twister.below(1_000_000_000_000L));
    assertEquals(below7, twister.below(7));
    assertEquals(Double.parseDouble(gauss), twister.gauss());
    assertEquals(Double.parseDouble(gaussAgain), twister.gauss());
    byte[] drawn = new byte[7];
    twister.fill(drawn);
    assertArrayEquals(HexFormat.of().parseHex(bytes), drawn);
    assertEquals(between, twister.between(-5, 5));
  }

  @Test
  void aBoundThatIsNotPositiveIsRefusedAsTheJdkDoes() {
    Twister twister = new Twister(BigInteger.ONE);
    assertThrows(IllegalArgumentException.class, () -> twister.below(0));
    assertThrows(IllegalArgumentException.class, () -> twister.between(3, 3));
  }

  @Test
  void rangesWiderThanALongAreDrawn() {
    Twister twister = new Twister(BigInteger.ONE);
    for (int i = 0; i < 100; i++) {
      assertEquals(true, twister.between(Long.MIN_VALUE, Long.MAX_VALUE) < Long.MAX_VALUE);
    }
  }

  @Test
  void bytesOfASeedAreDigestsOneAfterTheOther() {
    byte[] drawn = new byte[40];
    new SeedBytes(BigInteger.valueOf(42)).fill(drawn);
    String told = "547345cae1cef37239ddbf234790d2b19d97b10adc0c306e224492a566e734b003ddf851127d6cfe";
    assertArrayEquals(HexFormat.of().parseHex(told), drawn);
  }
}
