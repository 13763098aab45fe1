// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a record component when the key is absent, written as it would stand in YAML: {@code
 * "30s"}, {@code "10%"}, {@code "[]"}, {@code "{}"}. Without it (and without {@code @Nullable}) a
 * key is required.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  String value();
}
