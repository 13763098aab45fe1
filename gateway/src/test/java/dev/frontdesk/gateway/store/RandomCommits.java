// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Commits over few keys, so that they meet; some of them are wrong. */
final class RandomCommits {

  private final Random random;
  private final String workspace;

  RandomCommits(long seed, String workspace) {
    this.random = new Random(seed);
    this.workspace = workspace;
  }

  List<Key> hashes() {
    return List.of(key("h0"), key("h1"), key("h2"));
  }

  List<Key> lists() {
    return List.of(key("l0"), key("l1"));
  }

  List<Key> sortedSets() {
    return List.of(key("z0"), key("z1"));
  }

  List<Key> strings() {
    return List.of(key("s0"), key("s1"));
  }

  Commit next(Instant now) {
    Commit.Builder commit =
        Commit.of(
            workspace,
            now,
            random.nextBoolean() ? Commit.Urgency.INTAKE : Commit.Urgency.RELEASING);
    for (int n = random.nextInt(3); n > 0; n--) {
      commit.guard(guard());
    }
    for (int n = random.nextInt(6) == 0 ? 3 : 0; n > 0; n--) {
      commit.guard(new Guard.Absent(anyKey(), null));
    }
    for (int n = random.nextInt(10); n > 0; n--) {
      commit.write(write());
    }
    return commit.build();
  }

  private Key key(String name) {
    return new Key("{" + workspace + "}:random:" + name);
  }

  private Key pick(List<Key> keys, List<Key> wrong) {
    List<Key> from = random.nextInt(60) == 0 ? wrong : keys;
    return from.get(random.nextInt(from.size()));
  }

  private Key anyKey() {
    List<List<Key>> all = List.of(hashes(), hashes(), lists(), sortedSets(), strings());
    return pick(all.get(random.nextInt(all.size())), strings());
  }

  private String field() {
    return "f" + random.nextInt(4);
  }

  private String value() {
    return random.nextInt(8) == 0 ? "text " + random.nextInt(9) : "" + random.nextInt(20);
  }

  private Guard guard() {
    boolean hash = random.nextInt(4) > 0;
    Key key = hash ? pick(hashes(), sortedSets()) : pick(strings(), hashes());
    @Nullable String field = hash ? field() : null;
    return switch (random.nextInt(8)) {
      case 0 -> new Guard.Absent(key, field);
      case 1 -> new Guard.Present(key, field);
      case 2 -> new Guard.Equals(key, field, value());
      case 3 -> new Guard.AtLeast(key, field, random.nextInt(20) - 5);
      case 4 -> new Guard.Below(key, field, random.nextInt(20));
      case 5 -> new Guard.Within(key, field, random.nextInt(10), random.nextInt(40));
      case 6 -> new Guard.AbsentFromAll(List.of(key, pick(hashes(), sortedSets())), field());
      default -> new Guard.Absent(sortedSets().get(random.nextInt(2)), field());
    };
  }

  private Write write() {
    return switch (random.nextInt(13)) {
      case 0 -> new Write.Set(pick(strings(), lists()), value(), random.nextInt(2) * 600_000L);
      case 1 -> new Write.Delete(anyKey());
      case 2, 3 -> new Write.HashSet(pick(hashes(), lists()), field(), value());
      case 4 -> new Write.HashDelete(pick(hashes(), strings()), field());
      case 5, 6 ->
          new Write.HashAdd(
              pick(hashes(), sortedSets()),
              field(),
              random.nextInt(30) == 0 ? CommitCheck.LARGEST : random.nextInt(11) - 5);
      case 7 -> new Write.Push(pick(lists(), hashes()), value());
      case 8 -> new Write.Replace(pick(lists(), strings()), random.nextInt(6), value());
      case 9 -> new Write.Trim(pick(lists(), sortedSets()), 1 + random.nextInt(5));
      case 10, 11 ->
          new Write.SortedAdd(pick(sortedSets(), hashes()), field(), random.nextInt(1000));
      case 12 -> new Write.SortedRemove(pick(sortedSets(), lists()), field());
      default -> throw new AssertionError();
    };
  }
}
