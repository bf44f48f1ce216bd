package parity.world;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One operation of a client of the AWS SDK: what it asks for, and what the SDK makes of the answer. */
final class AwsCall {
  private static final String CORE = "software.amazon.awssdk.core.";
  private static final String AWS = "software.amazon.awssdk.awscore.exception.";
  private static final int BAD_REQUEST = 400;
  private final Object parameters;
  private final Object request;
  private final String operation;
  private final String home; // the package of the service's model, with its dot
  private final ClassLoader loader;
  private final AwsShapes shapes;

  AwsCall(Object parameters) {
    this.parameters = parameters;
    this.request = of("getInput");
    this.operation = (String) of("getOperationName");
    String name = request.getClass().getName();
    this.home = name.substring(0, name.lastIndexOf('.') + 1);
    this.loader = request.getClass().getClassLoader();
    this.shapes = new AwsShapes(loader);
  }

  private Object of(String getter) {
    return Aws.invoke(parameters.getClass(), parameters, getter, List.of());
  }

  private String service() {
    String[] parts = home.split("\\.");
    return parts[parts.length - 2].toLowerCase(Locale.ROOT);
  }

  // ------------------------------------------------------------ what is asked

  private Map<?, ?> asked() throws Outside.Failed {
    Map<String, Object> given = shapes.told(request);
    byte[] body = body();
    if (body != null) {
      if (given.get("ContentLength") instanceof Number length && length.longValue() == body.length) {
        given.remove("ContentLength");
      }
      if (body.length > 0) {
        given.put(payload(), AwsShapes.content(body));
      }
    }
    Object answer =
        Outside.call("aws", service() + "." + operation, List.of(AwsRules.ruled(service(), given)));
    return answer == null ? Map.of() : (Map<?, ?>) answer;
  }

  /** The member that the body is of: the only one of the model that no field stands for. */
  private String payload() {
    return service().startsWith("lambda") ? "Payload" : "Body";
  }

  private byte[] body() {
    Object sync = of("getRequestBody");
    if (sync != null) {
      Object provider = Aws.invoke(sync.getClass(), sync, "contentStreamProvider", List.of());
      Object stream =
          Aws.invoke(provider, "software.amazon.awssdk.http.ContentStreamProvider", "newStream");
      try (InputStream content = (InputStream) stream) {
        return content.readAllBytes();
      } catch (IOException error) {
        throw new UncheckedIOException(error);
      }
    }
    Object later = of("getAsyncRequestBody");
    return later == null ? null : Published.bytes(later, loader);
  }

  // ------------------------------------------------------------ what is answered

  Object answered() {
    try {
      return response(asked());
    } catch (Outside.Failed failed) {
      throw failure(failed);
    }
  }

  Object streamed(Object transformer) {
    try {
      Map<?, ?> answer = asked();
      Object stream =
          Aws.invoke(
              known("software.amazon.awssdk.http.AbortableInputStream"),
              null,
              "create",
              List.of(new ByteArrayInputStream(content(answer))));
      Object response = response(answer);
      return Aws.invoke(
          transformer, CORE + "sync.ResponseTransformer", "transform", response, stream);
    } catch (Outside.Failed failed) {
      throw failure(failed);
    }
  }

  CompletableFuture<?> streamedLater(Object transformer) {
    String type = CORE + "async.AsyncResponseTransformer";
    CompletableFuture<?> prepared =
        (CompletableFuture<?>) Aws.invoke(transformer, type, "prepare");
    try {
      Map<?, ?> answer = asked();
      Aws.invoke(transformer, type, "onResponse", response(answer));
      Aws.invoke(
          transformer, type, "onStream", Published.of(content(answer), loader));
    } catch (Outside.Failed failed) {
      RuntimeException error = failure(failed);
      Aws.invoke(transformer, type, "exceptionOccurred", error);
      return CompletableFuture.failedFuture(error);
    }
    return prepared;
  }

  private static byte[] content(Map<?, ?> answer) {
    for (Map.Entry<?, ?> member : answer.entrySet()) {
      if (STREAMS.contains(member.getKey())) {
        Object value = member.getValue();
        return value instanceof byte[] bytes
            ? bytes
            : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
      }
    }
    return new byte[0];
  }

  /** What services call the member whose content is streamed. */
  private static final List<String> STREAMS =
      List.of("Body", "body", "Payload", "payload", "AudioStream", "audioStream", "StreamingBody");

  private Object response(Map<?, ?> answer) {
    Class<?> type = known(home + operation + "Response");
    Object builder = Aws.invoke(type, null, "builder", List.of());
    shapes.fill(builder, answer);
    Object http =
        Aws.invoke(
            known("software.amazon.awssdk.http.SdkHttpResponse"), null, "builder", List.of());
    Aws.invoke(http, "software.amazon.awssdk.http.SdkHttpResponse$Builder", "statusCode", 200);
    Aws.invoke(builder, CORE + "SdkResponse$Builder", "sdkHttpResponse", shapes.built(http));
    return shapes.built(builder);
  }

  private RuntimeException failure(Outside.Failed failed) {
    Class<?> type = exception(failed.name());
    Object details =
        Aws.invoke(known(AWS + "AwsErrorDetails"), null, "builder", List.of());
    String[][] said = {
      {"errorCode", failed.name()}, {"errorMessage", failed.getMessage()}, {"serviceName", service()}
    };
    for (String[] one : said) {
      Aws.invoke(details, AWS + "AwsErrorDetails$Builder", one[0], one[1]);
    }
    Object builder = Aws.invoke(type, null, "builder", List.of());
    String made = AWS + "AwsServiceException$Builder";
    Aws.invoke(
        builder, made, "awsErrorDetails",
        Aws.invoke(details, AWS + "AwsErrorDetails$Builder", "build"));
    Aws.invoke(builder, made, "message", failed.getMessage());
    Aws.invoke(builder, made, "statusCode", failed.number("status", BAD_REQUEST));
    return (RuntimeException) shapes.built(builder);
  }

  /** The class of an error by its code; for a code that the model does not know, the service's. */
  private Class<?> exception(String code) {
    String simple = code.replaceAll(".*[.#]", "").replaceAll("[^A-Za-z0-9]", "");
    for (String name : List.of(simple, simple + "Exception")) {
      try {
        Class<?> found = Class.forName(home + name, true, loader);
        if (Throwable.class.isAssignableFrom(found)) {
          return found;
        }
      } catch (ClassNotFoundException | LinkageError absent) {
        continue; // the model does not know it by this name
      }
    }
    String base = request.getClass().getSuperclass().getName();
    return known(base.substring(0, base.length() - "Request".length()) + "Exception");
  }

  private Class<?> known(String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException absent) {
      throw new IllegalStateException("the AWS SDK has no " + name, absent);
    }
  }

  /** Bodies that are published piece by piece. */
  static final class Published {
    private static final String STREAMS_PACKAGE = "org.reactivestreams.";

    private Published() {}

    static byte[] bytes(Object publisher, ClassLoader loader) {
      java.io.ByteArrayOutputStream taken = new java.io.ByteArrayOutputStream();
      CompletableFuture<byte[]> whole = new CompletableFuture<>();
      Object subscriber =
          proxy(
              "Subscriber",
              loader,
              (name, arguments) -> {
                switch (name) {
                  case "onSubscribe" ->
                      Aws.invokeNumber(
                          arguments[0], STREAMS_PACKAGE + "Subscription", "request", Long.MAX_VALUE);
                  case "onNext" -> {
                    ByteBuffer part = ((ByteBuffer) arguments[0]).duplicate();
                    byte[] bytes = new byte[part.remaining()];
                    part.get(bytes);
                    taken.writeBytes(bytes);
                  }
                  case "onError" -> whole.completeExceptionally((Throwable) arguments[0]);
                  default -> whole.complete(taken.toByteArray());
                }
                return null;
              });
      Aws.invoke(publisher, STREAMS_PACKAGE + "Publisher", "subscribe", subscriber);
      return whole.join();
    }

    /** A publisher of bytes: what the SDK calls one is an interface with defaults. */
    static Object of(byte[] content, ClassLoader loader) {
      ByteBuffer whole = ByteBuffer.wrap(content);
      try {
        Class<?> type = Class.forName(CORE + "async.SdkPublisher", true, loader);
        Object plain =
            proxy(
                "Publisher",
                loader,
                (name, arguments) -> {
                  Object subscriber = arguments[0];
                  String taker = STREAMS_PACKAGE + "Subscriber";
                  Object subscription =
                      proxy(
                          "Subscription",
                          loader,
                          new Taking() {
                            private boolean sent;

                            @Override
                            public Object take(String called, Object[] given) {
                              if (called.equals("request") && !sent) {
                                sent = true;
                                Aws.invoke(subscriber, taker, "onNext", whole);
                                Aws.invoke(subscriber, taker, "onComplete");
                              }
                              return null;
                            }
                          });
                  Aws.invoke(subscriber, taker, "onSubscribe", subscription);
                  return null;
                });
        return Aws.invoke(type, null, "adapt", List.of(plain));
      } catch (ClassNotFoundException error) {
        throw new IllegalStateException(error);
      }
    }

    private interface Taking {
      Object take(String name, Object[] arguments);
    }

    private static Object proxy(String simple, ClassLoader loader, Taking taking) {
      try {
        Class<?> type = Class.forName(STREAMS_PACKAGE + simple, true, loader);
        return Proxy.newProxyInstance(
            loader,
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                  case "equals" -> self == arguments[0];
                  case "hashCode" -> System.identityHashCode(self);
                  default -> simple;
                };
              }
              return taking.take(method.getName(), arguments);
            });
      } catch (ClassNotFoundException error) {
        throw new IllegalStateException(error);
      }
    }
  }
}
