// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/** The name of one Redis key; made by {@link RedisKeys} only, which says what is in it. */
public record Key(String name) {
  @Override
  public String toString() {
    return name;
  }
}
