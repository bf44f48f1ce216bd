package parity;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the Python unit that a class or method replaces: {@code @PortedFrom("shop.prices:total")}.
 *
 * <p>It stands in the class file, where {@code parity} reads it, and is gone at run time: nothing
 * has to be on the class path of what is deployed.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD})
@Repeatable(PortedFrom.Several.class)
public @interface PortedFrom {
  /** The unit, as {@code module:qualname}. */
  String value();

  /** What the compiler writes where a class or method replaces several units. */
  @Documented
  @Retention(RetentionPolicy.CLASS)
  @Target({ElementType.TYPE, ElementType.METHOD})
  @interface Several {
    /** One for each unit. */
    PortedFrom[] value();
  }
}
