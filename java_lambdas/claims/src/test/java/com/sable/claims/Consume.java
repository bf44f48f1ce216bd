package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A Lambda that says what came in: how many bytes, and their digest. */
public final class Consume implements RequestStreamHandler {
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(said(input.readAllBytes()).getBytes(UTF_8));
  }

  static String said(byte[] event) {
    return "{\"bytes\": %d, \"sha256\": \"%s\"}".formatted(event.length, Digests.sha256(event));
  }
}
