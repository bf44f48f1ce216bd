package com.sable.claims;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;

/** A Lambda whose result is as many bytes of JSON as its event, a number, says. */
public final class Produce implements RequestStreamHandler {
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    output.write(json(Integer.parseInt(new String(input.readAllBytes(), UTF_8))));
  }

  /** A text of letters that are drawn, or a digit where there is no room for quotes. */
  static byte[] json(int bytes) {
    if (bytes == 1) {
      return new byte[] {'7'};
    }
    byte[] json = new byte[bytes];
    new Random(bytes).nextBytes(json);
    for (int at = 0; at < bytes; at++) {
      json[at] = (byte) ('a' + Math.floorMod(json[at], 26));
    }
    json[0] = '"';
    json[bytes - 1] = '"';
    return json;
  }
}
