// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The closed list of words a text (or each element of a list of texts) may be. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OneOf {
  String[] value();

  /** Words that the public contract names and this version refuses by name. */
  String[] later() default {};
}
