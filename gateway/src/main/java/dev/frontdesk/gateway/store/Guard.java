// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold for a commit to happen; the closed list of what {@code commit.lua} can ask. */
public sealed interface Guard {

  Key key();

  /** The key, or the field of a hash, or the member of a sorted set, does not exist. */
  record Absent(Key key, @Nullable String field) implements Guard {}

  /** None of some hashes, at least one, has this field. */
  record AbsentFromAll(List<Key> keys, String field) implements Guard {
    public AbsentFromAll {
      keys = List.copyOf(keys);
    }

    /** The first of them. */
    @Override
    public Key key() {
      return keys.get(0);
    }
  }

  /** It exists. For a sorted set {@code field} is the member. */
  record Present(Key key, @Nullable String field) implements Guard {}

  /** A string (field null) or a hash field has exactly this value. Absent never equals. */
  record Equals(Key key, @Nullable String field, String value) implements Guard {}

  /** A number is ≥ {@code value}; absent counts as 0. */
  record AtLeast(Key key, @Nullable String field, long value) implements Guard {}

  /** A number is &lt; {@code value}; absent counts as 0. */
  record Below(Key key, @Nullable String field, long value) implements Guard {}

  /** A counter plus {@code delta} is ≤ {@code bound}; absent counts as 0. */
  record Within(Key key, @Nullable String field, long delta, long bound) implements Guard {}
}
