package com.sable.claims;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;

/** Handlers as Lambda makes and calls them: by name, and by way of its own serializer. */
final class Handlers {
  private Handlers() {}

  /** The handler that {@code name}, as {@code package.Class} or {@code …::handleRequest}, names. */
  static RequestStreamHandler named(String name) {
    if (name == null || name.isEmpty()) {
      throw new IllegalStateException("CLAIMS_HANDLER names the class to call; it is not set");
    }
    Object made = make(name.split("::", 2)[0]);
    if (made instanceof RequestStreamHandler handler) {
      return handler;
    } else if (made instanceof RequestHandler<?, ?> handler) {
      return streaming(handler);
    }
    throw new IllegalStateException(name + " is no RequestHandler and no RequestStreamHandler");
  }

  private static Object make(String name) {
    try {
      return Class.forName(name).getConstructor().newInstance();
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(name + " cannot be made: " + error, error);
    }
  }

  static <I, O> RequestStreamHandler streaming(RequestHandler<I, O> handler) {
    Method method = method(handler.getClass());
    PojoSerializer<I> reading = serializer(method.getGenericParameterTypes()[0]);
    PojoSerializer<O> writing = serializer(method.getGenericReturnType());
    return (InputStream input, OutputStream output, Context context) ->
        writing.toJson(handler.handleRequest(reading.fromJson(input), context), output);
  }

  /** The method with the types that its class declares, not the one that the compiler adds. */
  private static Method method(Class<?> handler) {
    return Arrays.stream(handler.getMethods())
        .filter(method -> method.getName().equals("handleRequest"))
        .filter(method -> method.getParameterCount() == 2 && !method.isBridge())
        .min(Comparator.comparing(Method::toGenericString))
        .orElseThrow();
  }

  /** Lambda's own for a type: it reads its event classes in a way of its own. */
  @SuppressWarnings("unchecked") // a serializer of a type reads and writes that type
  private static <T> PojoSerializer<T> serializer(Type type) {
    if (type instanceof Class<?> event
        && LambdaEventSerializers.isLambdaSupportedEvent(event.getName())) {
      ClassLoader loader = Handlers.class.getClassLoader();
      return (PojoSerializer<T>) LambdaEventSerializers.serializerFor(event, loader);
    }
    return (PojoSerializer<T>) JacksonFactory.getInstance().getSerializer(type);
  }
}
