// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The bounds of a whole number, both included; on a map, of each of its values. On a duration only
 * {@code min = 0} has a meaning: it may be zero, which other durations may not.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Between {
  long min();

  long max() default Integer.MAX_VALUE;
}
