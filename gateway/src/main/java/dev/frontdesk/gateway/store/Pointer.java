// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import org.jspecify.annotations.Nullable;

/**
 * The place of a contact's pointer: a key of its own, or a field beside the other threads of the
 * same identity, so that all of them can be found.
 *
 * @param field null: the key is a string
 */
public record Pointer(Key key, @Nullable String field) {

  /** The contact has no conversation. */
  public Guard isAbsent() {
    return new Guard.Absent(key, field);
  }

  /** It is the conversation {@code id}. */
  public Guard is(String id) {
    return new Guard.Equals(key, field, id);
  }

  public Write set(String id) {
    return field == null ? new Write.Set(key, id, 0) : new Write.HashSet(key, field, id);
  }

  public Write clear() {
    return field == null ? new Write.Delete(key) : new Write.HashDelete(key, field);
  }
}
