// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key that the public contract names and this version does not have: refused by name, with what
 * to write instead, rather than as an unknown key.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(Later.List.class)
public @interface Later {
  String key();

  /** What to do without it, as a sentence part: {@code "give the time as a duration"}. */
  String instead();

  /** Several of them. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface List {
    Later[] value();
  }
}
