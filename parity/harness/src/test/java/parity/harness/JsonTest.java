package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void wholeNumbersStayWholeAndFractionsStayFractions() {
    List<Object> expected =
        Arrays.asList(1L, -9007199254740993L, new BigInteger("18446744073709551616"), 1.0, 1e100);
    String text = "[1, -9007199254740993, 18446744073709551616, 1.0, 1e100]";
    assertEquals(expected, Json.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"b\":1,\"a\":[true,false,null]}",
        "\"\\u0000\\ud800 \\ud83d\\ude00\\\\\\\"/\"",
        "[1e-05,1e+16,0.1,123456789012345.6,5e-324]",
        "{}",
        "[]"
      })
  void whatIsCanonicalIsWrittenAsItWasRead(String text) {
    assertEquals(text, Json.write(Json.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[1",
        "{\"a\"}",
        "[1,]",
        "nul",
        "\"a",
        "1 2",
        "{'a':1}",
        "\"\\x\"",
        "01",
        "+1",
        "1.",
        ".5",
        "\"\n\"",
        "\"\\u00g0\"",
        "\"\\u00",
        "\u00a01"
      })
  void whatIsNoJsonIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }

  @Test
  void membersKeepTheirOrder() {
    Map<?, ?> members = (Map<?, ?>) Json.parse("{\"z\":1,\"a\":2,\"m\":3}");
    assertEquals(List.of("z", "a", "m"), List.copyOf(members.keySet()));
  }

  @Test
  void aFractionIsTheNearestDoubleHoweverItIsRead() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    for (int i = 0; i < 50_000; i++) {
      String whole = Long.toString(random.nextLong() >>> random.nextInt(1, 64));
      String text = "-" + whole + "." + Math.abs(random.nextInt() >> random.nextInt(31));
      assertEquals(Double.valueOf(text), Json.parse(text));
    }
    assertEquals(-0.0, Json.parse("-0.0"));
    assertEquals(1.0E22, Json.parse("1e22"));
  }

  @Test
  void textBeyondAsciiIsUtf8AndLoneSurrogatesStay() {
    assertEquals("\u00e9\ud83d\ude00\n", Json.parse("\"\u00e9\ud83d\ude00\\n\""));
    assertEquals("\ud800", Json.parse("\"\\ud800\""));
  }

  @Test
  void aDocumentThatRefersSaysSo() {
    Json json = new Json();
    for (String text : List.of("{\"a\":{\"$ref\":\"$\"}}", "[{\"\\u0024ref\":\"$\"}]")) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      json.parse(bytes, 0, bytes.length);
      assertEquals(true, json.isReferring());
      json.parse("[\"$ref\"]".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, 8);
      assertEquals(false, json.isReferring());
    }
  }
}
