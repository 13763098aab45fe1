// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

/** One change of one key; the closed list of what {@code commit.lua} can do. */
public sealed interface Write {

  Key key();

  /** {@code ttlMillis} 0: no expiry. */
  record Set(Key key, String value, long ttlMillis) implements Write {}

  record Delete(Key key) implements Write {}

  record HashSet(Key key, String field, String value) implements Write {}

  record HashDelete(Key key, String field) implements Write {}

  record HashAdd(Key key, String field, long delta) implements Write {}

  record Push(Key key, String value) implements Write {}

  /** Replaces the element at {@code index} (from 0); nothing when the list is shorter. */
  record Replace(Key key, long index, String value) implements Write {}

  /** Keeps the newest {@code length} elements of a list. */
  record Trim(Key key, long length) implements Write {}

  record SortedAdd(Key key, String member, double score) implements Write {}

  record SortedRemove(Key key, String member) implements Write {}

  /** Appends a row to a stream, id by Redis time, and trims it to exactly {@code maxLength}. */
  record Append(Key key, String value, long maxLength) implements Write {}

  /** The same where the stream exists; nothing where it does not: nobody listens to it. */
  record AppendExisting(Key key, String value, long maxLength) implements Write {}

  /** Lets a key that this very commit makes expire; nothing where it existed before. */
  record ExpireNew(Key key, long ttlMillis) implements Write {}

  record Expire(Key key, long ttlMillis) implements Write {}
}
