// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

/** The embedded server cannot start; the message is the one line an operator needs. */
public final class EmbeddedRedisException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmbeddedRedisException(String message) {
    super(message);
  }
}
