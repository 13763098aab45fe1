// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.event;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitResult;
import dev.frontdesk.gateway.store.Guard;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.Write;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;

/** Events that were given up, for operators: list, send once more, forget. */
public final class EventLetterBox {

  private final Store store;

  public EventLetterBox(Store store) {
    this.store = store;
  }

  /** All of a workspace, by id. */
  public Future<List<EventLetter>> list(Workspace workspace) {
    return store
        .hashAll(workspace.keys().eventLetters())
        .map(
            rows ->
                rows.values().stream()
                    .map(EventLetter::decode)
                    .sorted(Comparator.comparing(EventLetter::id))
                    .toList());
  }

  /**
   * Sends it once more, before later events of its conversation that wait; false when there is no
   * such letter.
   */
  public Future<Boolean> retry(Workspace workspace, String id) {
    Key letters = workspace.keys().eventLetters();
    return store
        .hashGet(letters, id)
        .compose(
            text -> {
              if (text == null) {
                return Future.succeededFuture(false);
              }
              EventLetter letter = EventLetter.decode(text);
              long now = store.clock(workspace.id()).now().toEpochMilli();
              String endpoint = letter.endpoint();
              Commit.Builder commit = removal(workspace, id, text);
              commit
                  .write(
                      new Write.SortedAdd(
                          workspace.keys().eventRows(endpoint, letter.row().conversation()),
                          letter.row().encode(),
                          letter.row().order()))
                  .write(
                      new Write.SortedAdd(
                          workspace.keys().eventsDue(),
                          endpoint + " " + letter.row().conversation(),
                          now))
                  .write(new Write.HashAdd(workspace.keys().gauges(), "events|" + endpoint, 1))
                  .wake("e:" + now);
              return store.commit(commit.build()).map(CommitResult.Done.class::isInstance);
            });
  }

  /** Forgets it; false when there is no such letter. */
  public Future<Boolean> delete(Workspace workspace, String id) {
    return store
        .hashGet(workspace.keys().eventLetters(), id)
        .compose(
            text ->
                text == null
                    ? Future.succeededFuture(false)
                    : store
                        .commit(removal(workspace, id, text).build())
                        .map(CommitResult.Done.class::isInstance));
  }

  private Commit.Builder removal(Workspace workspace, String id, String text) {
    return Commit.of(workspace.id(), store.clock(workspace.id()).now(), Commit.Urgency.RELEASING)
        .guard(new Guard.Equals(workspace.keys().eventLetters(), id, text))
        .write(new Write.HashDelete(workspace.keys().eventLetters(), id))
        .write(new Write.HashAdd(workspace.keys().gauges(), "eventLetters", -1));
  }
}
