package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {
  @Test
  void theNearestNameComesFirstAndStrangersNotAtAll() {
    List<String> known = List.of("shop.Cart", "shop.Card", "shop.Warehouse", "store.Carts");
    assertEquals(
        List.of("shop.Cart", "store.Carts", "shop.Card"), Names.nearest("shop.Cart", known));
    assertEquals(List.of(), Names.nearest("shop.Zebra", known));
  }

  @Test
  void overloadsAreNamedByTheirMethod() {
    List<String> known = List.of("apply(int)", "apply(String,int)", "close()");
    assertEquals(List.of("apply(int)", "apply(String,int)"), Names.nearest("aply", known));
  }

  @Test
  void pathsAreNormalisedAndNamesCamelled() {
    assertEquals("$.a_b", Paths.member("$", "a_b"));
    assertEquals("$['a b']", Paths.member("$", "a b"));
    assertEquals("$['it\\'s']", Paths.member("$", "it's"));
    assertEquals("targetHost", Paths.camel("target_host"));
    assertEquals("plain", Paths.camel("plain"));
  }
}
