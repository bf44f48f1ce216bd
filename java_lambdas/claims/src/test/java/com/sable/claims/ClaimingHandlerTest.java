package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimingHandlerTest {
  private static final RequestStreamHandler ECHO =
      (input, output, context) -> input.transferTo(output);

  private final Bucket bucket = new Bucket();
  private final Claims claims =
      new Claims(bucket, new Claims.Settings("parameters", 14, 1 << 20, Optional.empty()));

  private String call(RequestStreamHandler handler, String event) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    new ClaimingHandler(handler, claims, "echo")
        .handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), output, null);
    return output.toString(UTF_8);
  }

  private String left(String payload) {
    return claims.leave(new Place("e", "s", 0, payload), payload.getBytes(UTF_8)).toString();
  }

  @Test
  void whatIsSmallStaysInTheState() throws IOException {
    assertEquals("[1.10, null]", call(ECHO, "[1.10, null]"));
    assertTrue(bucket.objects.isEmpty());
  }

  @Test
  void whatIsLargeBecomesAClaimUnderTheExecutionsName() throws IOException {
    String event =
        """
        {"claims": {"execution": "batch-1", "state": "Plan", "attempt": 2},
         "event": {"a": [1, 2, 3, 4]} }""";
    String claim = call(ECHO, event);
    assertTrue(claim.startsWith("{\"claim_check\":{\"bucket\":\"parameters\""), claim);
    String key = bucket.objects.keySet().iterator().next();
    assertTrue(key.startsWith("batch-1/Plan/2-"), key);
    assertEquals("{\"a\": [1, 2, 3, 4]}", new String(bucket.objects.get(key), UTF_8));
  }

  @Test
  void whatIsSmallBecomesAClaimWhereTheStateAsks() throws IOException {
    String claim = call(ECHO, "{\"claims\": {\"always\": true}, \"event\": 7}");
    assertEquals("[7]", call(ECHO, "[" + claim + "]"));
    assertTrue(bucket.objects.keySet().iterator().next().startsWith("no-execution/echo/0-"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s",
        " [%s]",
        "{\"b\": %s, \"é\": [1.10, -0.0, null, %s]}",
        "{\"claims\": 1, \"event\": %s}",
        "{\"claims\": {}, \"event\": 1, \"more\": %s}",
        "{\"a\": {}, \"b\": {\"c\": %s}}"
      })
  void claimsAreRedeemedAtAnyDepthAndNoOtherByteChanges(String form) throws IOException {
    RequestStreamHandler check =
        (input, output, context) -> {
          String event = new String(input.readAllBytes(), UTF_8);
          assertEquals(form.replace("%s", "[\"ü\", 0.10, null]"), event);
          output.write('1');
        };
    assertEquals("1", call(check, form.replace("%s", left("[\"ü\", 0.10, null]"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"claims\": {\"execution\": \"é\"}, \"event\": %s}",
        "{\"event\": %s, \"claims\": {\"execution\": {\"a\": [1]}, \"attempt\": null}}"
      })
  void theEnvelopeIsTakenOff(String form) throws IOException {
    for (String event : new String[] {"\"a\\\"é\"", "-12", "{}", "[{\"event\":1}]", "null"}) {
      assertEquals(event, call(ECHO, form.replace("%s", event)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"claim_check\": 1}",
        "{\"claim_check\": {}}",
        "{\"claim_check\": {\"bucket\": \"b\", \"key\": \"k\", \"bytes\": 1, \"sha256\": \"0\"}}",
        "{\"claim_check\": {\"bucket\": \"b\", \"key\": \"k\", \"bytes\": 1.5, \"sha256\": \"0\"}}"
      })
  void whatOnlyLooksLikeAClaimIsRefused(String event) {
    assertThrows(ClaimRefused.class, () -> call(ECHO, event));
  }

  @Test
  void aClaimHasNoOtherMemberBesideIt() {
    String claim = left("[1]");
    String more = claim.substring(0, claim.length() - 1) + ", \"more\": 1}";
    assertThrows(ClaimRefused.class, () -> call(ECHO, more));
  }

  @Test
  void aNameThatIsNotTheFirstOfItsObjectIsNoClaim() throws IOException {
    for (String event : new String[] {"{\"a\":{},\"claim_check\":1}", "[\"claim_check\", {}]"}) {
      Envelope envelope = Envelope.open(event.getBytes(UTF_8));
      assertEquals(event, new String(Redeeming.redeem(envelope.event(), claims::have), UTF_8));
    }
  }

  /** A handler of objects, as most are. */
  public static final class Sizes implements RequestHandler<Map<String, Object>, List<Integer>> {
    @Override
    public List<Integer> handleRequest(Map<String, Object> event, Context context) {
      return event.values().stream().map(value -> value.toString().length()).toList();
    }
  }

  @Test
  void aHandlerOfObjectsIsCalledAsLambdaCallsIt() throws IOException {
    RequestStreamHandler handler = Handlers.named(Sizes.class.getName() + "::handleRequest");
    assertEquals("[5,2]", call(handler, "{\"a\": " + left("\"12345\"") + ", \"b\": {}}"));
  }

  @Test
  void aHandlerThatCannotBeMadeIsNamed() {
    for (String name : new String[] {null, "", "no.such.Class", "java.lang.Object"}) {
      assertThrows(IllegalStateException.class, () -> Handlers.named(name), name);
    }
  }
}
