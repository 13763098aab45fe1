// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.config.ConfigLoader;
import dev.frontdesk.connector.ContactRef;
import dev.frontdesk.connector.InboundEvent;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.ConnectorCatalog;
import dev.frontdesk.gateway.WorkspaceFactory;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Received;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.memory.CommitFaults;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.store.memory.VirtualTime;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The intake of the load runs' workspace as a gateway has it behind its decoder: the product's own
 * lanes, rules and writers on a store that answers at once. Tells each commit that it makes.
 * Single-threaded.
 */
public final class OfflineIntake {

  private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(10);

  private final Workspace workspace;
  private final VirtualTime time;
  private final ConversationService conversations;
  private @Nullable Commit last;

  /** On the product's store in memory, for the commits it makes; it begins at {@code start}. */
  public OfflineIntake(String workspace, Instant start, long seed) {
    this.time = new VirtualTime(start);
    InMemoryStore store = new InMemoryStore(time);
    store.faults(
        (number, commit) -> {
          last = commit;
          return CommitFaults.Fault.NONE;
        });
    this.workspace = configured(workspace);
    this.conversations = service(store, time, seed);
  }

  /** On another store, whose futures are complete when they are returned; its time is this. */
  public OfflineIntake(String workspace, Store store, VirtualTime time, long seed) {
    this.time = time;
    this.workspace = configured(workspace);
    this.conversations = service(store, time, seed);
  }

  private static ConversationService service(Store store, VirtualTime time, long seed) {
    return new ConversationService(
        store,
        new JsonCodec(),
        time,
        new Random(seed),
        new GatewayMetrics(new SimpleMeterRegistry()),
        1_000);
  }

  /** The workspace of {@link LoadConfig} under another name. */
  public static Workspace configured(String name) {
    ConnectorCatalog catalog = ConnectorCatalog.ofClassPath();
    Conditions conditions = new Conditions();
    String yaml = new LoadConfig(Path.of("unused")).agents(8, 20).yaml();
    return new WorkspaceFactory(catalog::family, conditions, failed -> {})
        .workspace(
            name,
            Objects.requireNonNull(
                new ConfigLoader(Map.of(), catalog, conditions)
                    .parse(yaml)
                    .config()
                    .workspaces()
                    .get(LoadConfig.WORKSPACE)));
  }

  /** A text message as the webhook connector decodes it. */
  public static InboundEvent.Received message(
      String contact, String id, String text, Instant sentAt) {
    return InboundEvent.Received.of(
        id,
        new ContactRef(contact, "Load " + contact, null),
        sentAt,
        new MessageContent.Text(text));
  }

  /**
   * Stores one message, 10 ms after the last; where it went.
   *
   * @throws IllegalStateException if it was not stored at once
   */
  public Conversation.Id store(String contact, String id, String text) {
    time.advance(BETWEEN_MESSAGES);
    Future<List<Received>> stored =
        conversations.receive(
            workspace,
            new ContactKey(LoadConfig.CHANNEL, contact, null),
            List.of(message(contact, id, text, time.now())));
    if (!stored.succeeded() || stored.result().get(0).kind() != Received.Kind.STORED) {
      throw new IllegalStateException("message " + id + " was not stored: " + stored);
    }
    return Objects.requireNonNull(stored.result().get(0).conversation());
  }

  /** The commit of the last message. */
  public Commit commit() {
    return Objects.requireNonNull(last, "nothing was stored yet");
  }

  public Workspace workspace() {
    return workspace;
  }

  /** The time of the last message. */
  public Instant now() {
    return time.now();
  }
}
