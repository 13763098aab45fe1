// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The same asked of the store for each of many, a few at once: ten thousand questions in one go
 * hold their event loop, and leave the store's queue no room for anybody else.
 */
public final class InTurn {

  private InTurn() {}

  /**
   * What came of each, in their order; fails with the first that fails, and asks no further.
   *
   * @param atOnce how many are under way at once
   */
  public static <A, B> Future<List<B>> all(
      List<A> many, int atOnce, Function<A, Future<B>> question) {
    return from(0, many, atOnce, question, new ArrayList<>(many.size()));
  }

  private static <A, B> Future<List<B>> from(
      int first, List<A> many, int atOnce, Function<A, Future<B>> question, List<B> answers) {
    if (first >= many.size()) {
      return Future.succeededFuture(answers);
    }
    int next = Math.min(many.size(), first + atOnce);
    List<Future<B>> now = many.subList(first, next).stream().map(question).toList();
    return Future.all(now)
        .compose(
            answered -> {
              now.forEach(one -> answers.add(one.result()));
              return from(next, many, atOnce, question, answers);
            });
  }
}
