// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.customer;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.Scored;
import dev.frontdesk.gateway.store.Store;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Goes through all conversations of a workspace, newest first, for those whose id may be of some
 * identities; loads none of them. Costs one round trip for {@link #PAGE} conversations.
 */
final class IdentityConversations {

  static final int PAGE = 4_096;

  private final Store store;

  IdentityConversations(Store store) {
    this.store = store;
  }

  /** Up to {@code most} ids that pass. */
  Future<List<Conversation.Id>> find(
      Workspace workspace, Predicate<? super Conversation.Id> passes, int most) {
    return new Walk(workspace, passes, most).from(Double.POSITIVE_INFINITY, PAGE);
  }

  private final class Walk {
    private final Workspace workspace;
    private final Predicate<? super Conversation.Id> passes;
    private final int most;
    private final List<Conversation.Id> found = new ArrayList<>();

    Walk(Workspace workspace, Predicate<? super Conversation.Id> passes, int most) {
      this.workspace = workspace;
      this.passes = passes;
      this.most = most;
    }

    /** Begins with the last page's last instant once more: others may have opened in it. */
    Future<List<Conversation.Id>> from(double max, int size) {
      return store
          .sortedDescending(workspace.keys().index(), max, 0, size)
          .compose(
              rows -> {
                rows.forEach(this::look);
                if (rows.size() < size || found.size() >= most) {
                  return Future.succeededFuture(found);
                }
                double last = rows.get(rows.size() - 1).score();
                return last == max ? from(max, size * 2) : from(last, PAGE);
              });
    }

    private void look(Scored row) {
      Conversation.Id id = new Conversation.Id(row.member());
      if (found.size() < most && !found.contains(id) && passes.test(id)) {
        found.add(id);
      }
    }
  }
}
