package com.sable.claims;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;

/**
 * Any handler with its claims seen to: it gets payloads where its event has claims, and what it
 * returns becomes a claim where it is too large for a state, or where the state asks for that.
 *
 * <p>As a Lambda this is the handler, and {@code CLAIMS_HANDLER} names the class of the other one.
 */
public final class ClaimingHandler implements RequestStreamHandler {
  private final RequestStreamHandler handler;
  private final Claims claims;
  private final String function;

  public ClaimingHandler(RequestStreamHandler handler, Claims claims, String function) {
    this.handler = handler;
    this.claims = claims;
    this.function = function;
  }

  /** What the environment says. */
  public ClaimingHandler() {
    this(
        Handlers.named(System.getenv("CLAIMS_HANDLER")),
        new Claims(),
        System.getenv().getOrDefault("AWS_LAMBDA_FUNCTION_NAME", "function"));
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    Envelope envelope = Envelope.open(input.readAllBytes());
    byte[] event = Redeeming.redeem(envelope.event(), claims::have);
    ByteArrayOutputStream returned = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event), returned, context);
    byte[] payload = returned.toByteArray();
    if (envelope.always() || claims.exceeds(payload.length)) {
      Place place = envelope.place(function, invocation(context));
      output.write(claims.leave(place, payload).toJson());
    } else {
      output.write(payload);
    }
  }

  private static String invocation(Context context) {
    String id = context == null ? null : context.getAwsRequestId();
    return id == null ? UUID.randomUUID().toString() : id;
  }
}
