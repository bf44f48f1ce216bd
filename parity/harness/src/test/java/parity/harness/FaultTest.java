package parity.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class FaultTest {
  @Test
  void theInnermostFrameThatIsNotTheJdksTellsWhoseItIs() {
    Throwable ours =
        assertThrows(IllegalArgumentException.class, () -> Json.parse("not a document"));
    assertTrue(Fault.isOurs(ours));
    Throwable theirs = new IllegalStateException();
    StackTraceElement[] frames = {
      new StackTraceElement("java.util.ArrayList", "get", "ArrayList.java", 1),
      new StackTraceElement("shop.Cart", "total", "Cart.java", 2),
      new StackTraceElement("parity.harness.Writer", "items", "Writer.java", 3),
    };
    theirs.setStackTrace(frames);
    assertFalse(Fault.isOurs(theirs));
  }

  @Test
  void whatAMethodRaisesIsTheMethods() throws Exception {
    Method parse = Integer.class.getMethod("parseInt", String.class);
    assertThrows(NumberFormatException.class, () -> Loader.invoke(parse, null, "x"));
  }

  @Test
  void aCallThatCouldNotBeMadeIsOurs() throws Exception {
    Method parse = Integer.class.getMethod("parseInt", String.class);
    Fault fault = assertThrows(Fault.class, () -> Loader.invoke(parse, null, 1));
    assertEquals(IllegalArgumentException.class, fault.getCause().getClass());
    assertTrue(fault.told().contains("IllegalArgumentException"));
  }
}
