package com.sable.moves;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sable.moves.errors.NotHere;
import com.sable.moves.errors.Unavailable;
import com.sable.moves.errors.Unnamed;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHostClientTest {
  private final HostClient client = new HttpHostClient();
  private final AtomicReference<String> seen = new AtomicReference<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile String reply = "{}";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String text = new String(body, StandardCharsets.UTF_8);
          seen.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + text);
          byte[] told = reply.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, told.length == 0 ? -1 : told.length);
          exchange.getResponseBody().write(told);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void nullIsSentAndNumbersAreRead() {
    reply = "{\"big\": 9007199254740993, \"rows\": [1, null], \"größe\": \"\u00df\"}";
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("after", null);
    Map<String, Object> told = client.post(address(), "/v1/command", body);
    assertEquals("POST /v1/command {\"after\":null}", seen.get());
    assertEquals(9_007_199_254_740_993L, told.get("big"));
    assertEquals(2, ((List<?>) told.get("rows")).size());
    assertEquals("\u00df", told.get("größe"));
  }

  @Test
  void aQuestionHasNoBodyAndAnEmptyReplyIsAnEmptyObject() {
    reply = "";
    assertEquals(Map.of(), client.get(address(), "/v1/inventory"));
    assertEquals("GET /v1/inventory ", seen.get());
  }

  @Test
  void aNamedErrorOfAHostIsRaised() {
    status = 410;
    reply = "{\"error\": \"NotHere\", \"text\": \"a is not here\", \"details\": {}}";
    NotHere gone = assertThrows(NotHere.class, () -> client.get(address(), "/"));
    assertEquals("a is not here", gone.getMessage());
    reply = "{\"error\": \"Strange\"}";
    assertThrows(Unnamed.class, () -> client.get(address(), "/"));
  }

  @Test
  void whatIsNoJsonIsUnavailable() {
    reply = "<html>";
    assertThrows(Unavailable.class, () -> client.get(address(), "/"));
  }

  @Test
  void aHostThatIsSilentIsUnavailable() throws IOException {
    String address;
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = at(silent);
      long began = System.nanoTime();
      assertThrows(Unavailable.class, () -> client.call(at(silent), "GET", "/", null, 0.2));
      assertTrue(System.nanoTime() - began < 4_000_000_000L);
    }
    assertThrows(Unavailable.class, () -> client.get(address, "/"));
  }

  private static String at(ServerSocket socket) {
    return "127.0.0.1:" + socket.getLocalPort();
  }
}
