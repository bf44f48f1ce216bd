package parity.world;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLSession;

/** Stands in for {@code java.net.http}: requests are answered from the fixture. */
public final class Http {
  private static final String CLIENT = "java.net.http.HttpClient";

  private Http() {}

  public static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    if (!Outside.has("http")) {
      Trace.beyond(CLIENT);
      return client.send(request, handler);
    }
    return answered(request, handler);
  }

  public static <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    if (!Outside.has("http")) {
      Trace.beyond(CLIENT);
      return client.sendAsync(request, handler);
    }
    try {
      return CompletableFuture.completedFuture(answered(request, handler));
    } catch (IOException error) {
      return CompletableFuture.failedFuture(error);
    }
  }

  private static <T> HttpResponse<T> answered(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
    byte[] body = request.bodyPublisher().map(Http::bytes).orElse(new byte[0]);
    List<Object> asked =
        HttpText.asked(request.uri().toString(), request.headers().map(), body);
    HttpAnswer answer = HttpAnswer.to(request.method(), asked);
    HttpResponse.BodySubscriber<T> subscriber = handler.apply(answer);
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            // everything is handed over at once
          }

          @Override
          public void cancel() {
            // nothing is under way
          }
        });
    if (answer.body().length > 0) {
      subscriber.onNext(List.of(ByteBuffer.wrap(answer.body()).asReadOnlyBuffer()));
    }
    subscriber.onComplete();
    T content = subscriber.getBody().toCompletableFuture().join();
    return new Answered<>(request, answer, content);
  }

  /** What keeps an answer away. */
  static IOException failure(Outside.Failed failed) {
    return switch (failed.name()) {
      case "timeout" -> new HttpTimeoutException(failed.getMessage());
      case "refused", "unknown host" -> new ConnectException(failed.getMessage());
      default -> new IOException(failed.getMessage());
    };
  }

  private static byte[] bytes(HttpRequest.BodyPublisher publisher) {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuffer part) {
            byte[] bytes = new byte[part.remaining()];
            part.get(bytes);
            taken.writeBytes(bytes);
          }

          @Override
          public void onError(Throwable error) {
            whole.completeExceptionally(error);
          }

          @Override
          public void onComplete() {
            whole.complete(taken.toByteArray());
          }
        });
    return whole.join();
  }

  private record Answered<T>(HttpRequest request, HttpAnswer answer, T body)
      implements HttpResponse<T> {
    @Override
    public int statusCode() {
      return answer.statusCode();
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
      return answer.headers();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public URI uri() {
      return request.uri();
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  /** Names and texts of headers, each once for each text. */
  static Map<String, List<String>> lists(Map<?, ?> headers) {
    Map<String, List<String>> made = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach(
        (name, value) ->
            made.computeIfAbsent(name.toString(), key -> new ArrayList<>()).add(value.toString()));
    return made;
  }
}
