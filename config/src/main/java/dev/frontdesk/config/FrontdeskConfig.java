// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole configuration of a gateway: one YAML tree, one record tree. */
public record FrontdeskConfig(
    @Default("{}") @Doc("Where the gateway listens and what it accepts.") Server server,
    @Default("{}") @Doc("The store.") Redis redis,
    @Default("data") @Doc("Folder of the embedded store and of what must survive a restart.")
        String dataDir,
    @Doc("Brands or business units, by id; everything in one is invisible to the others.")
        Map<String, Workspace> workspaces) {

  /** {@code server}. */
  public record Server(
      @Default("0.0.0.0") @Doc("Address of the public port.") String host,
      @Default("8080") @Doc("Public port; 0 picks a free one.") int port,
      @Default("127.0.0.1") @Doc("Address of the management port.") String managementHost,
      @Default("8081") @Doc("Port of health, metrics and documents; 0 picks a free one.")
          int managementPort,
      @Default("") @Doc("Address platforms reach this gateway by; empty: http://host:port.")
          String publicUrl,
      @Default("[]") @Doc("Origins that browsers may call the API from.") List<String> corsOrigins,
      @Default("{}") @Doc("Bounds of what a client may send or hold open.") Limits limits) {}

  /** {@code server.limits}: every bound of the edge. */
  public record Limits(
      @Default("1048576") @Doc("Largest request body, bytes; larger is 413.") int bodyBytes,
      @Default("8192") @Doc("All headers of a request, bytes; more is 431.") int headerBytes,
      @Default("4096") @Doc("Longest request line, bytes; longer is 414.") int requestLineBytes,
      @Default("64") @Doc("Deepest nesting of JSON that is read.") int jsonDepth,
      @Default("15s") @Doc("Total time to receive one request.") Duration receiveTimeout,
      @Default("60s") @Doc("An idle connection is closed after this.") Duration idleTimeout,
      @Default("20000") @Doc("Open connections; more are refused.") int connections,
      @Default("2000") @Doc("Webhooks being stored at once per workspace; more is 503.")
          int inFlightWebhooks,
      @Default("10000") @Doc("Open long-polls and sockets per workspace; more is 503.")
          int waitingClients,
      @Default("65536") @Doc("Largest WebSocket message, bytes.") int socketMessageBytes,
      @Default("262144") @Doc("Bytes queued for a slow socket before it is closed (1013).")
          int socketQueueBytes,
      @Default("30s") @Doc("Time running work gets to finish at SIGTERM.") Duration drainTimeout) {}

  /** {@code redis}. */
  public record Redis(
      @Default("") @Doc("redis:// address of an own server; empty: the embedded one.") String url,
      @Default("1500ms") @Doc("Time-out of one command.") Duration timeout,
      @Default("10000") @Doc("Commands waiting for the store; more are refused.") int requestQueue,
      @Default("{}") @Doc("The embedded server.") Embedded embedded) {}

  /** {@code redis.embedded}. */
  public record Embedded(
      @Nullable @Doc("Path of a redis-server to run instead of the one found or bundled.")
          String binary,
      @Default("1gb") @Doc("maxmemory: past it new customer messages are refused.")
          String maxMemory,
      @Default("always")
          @Doc("appendfsync: always, everysec or no; what an acknowledged message survives.")
          String appendFsync,
      @Default("256mb") @Doc("Free disk below which new customer messages are refused.")
          String minFreeDisk) {}

  /** {@code workspaces.<id>}. */
  public record Workspace(
      @Default("{}") @Doc("Configured accounts on platforms, by id.") Map<String, Channel> channels,
      @Doc("What is promised to customers, by name.") Map<String, Promise> promises,
      @Doc("What a conversation gets that no rule matches.") Defaults defaults,
      @Default("[]") @Doc("Rules, first match per key wins.") List<TriageRule> triage,
      @Doc("Queues by name.") Map<String, Queue> queues,
      @Default("{}") @Doc("How waiting conversations meet agents.") Routing routing,
      @Default("{}") @Doc("People and programs with a token, by id.") Map<String, Agent> agents,
      @Default("{}") @Doc("Chatbots by id.") Map<String, Bot> bots,
      @Default("{}") @Doc("Conversations: windows, retention and bounds.")
          Conversations conversations,
      @Default("{}") @Doc("Sending to platforms.") Outbox outbox) {}

  /** {@code channels.<id>}; the settings are bound by the connector's own record. */
  public record Channel(
      @Doc("The connector's name.") String connector,
      @Default("{}") @Doc("The connector's settings; see its page.") JsonNode settings,
      @Default("1") @Doc("What a conversation of this channel costs of an agent's capacity.")
          int cost) {}

  /** {@code promises.<name>}. */
  public record Promise(
      @Doc("When the first human answer is due, from opening.") Duration firstResponse,
      @Default("75%") @Doc("Share of the time after which a conversation is at risk.") Share warnAt,
      @Default("90%") @Doc("Share of conversations to answer in time.") Share objective) {}

  /** {@code defaults}. */
  public record Defaults(
      @Doc("Queue of a conversation no rule sends elsewhere.") String queue,
      @Doc("Promise of a conversation no rule gives another.") String promise) {}

  /** {@code triage[]}. */
  public record TriageRule(
      @Doc("CEL condition over message, contact, customer, channel.") String when,
      @Doc("What a match sets.") TriageSet set) {}

  /** {@code triage[].set}. */
  public record TriageSet(
      @Nullable @Doc("Promise.") String promise,
      @Nullable @Doc("1 highest to 9.") Integer priority,
      @Nullable @Doc("Queue.") String queue,
      @Default("{}") @Doc("Required skills and levels 1 to 10.") Map<String, Integer> skills,
      @Nullable @Doc("consultation, usage, fault, return, complaint, suggestion or other.")
          String category,
      @Nullable @Doc("quality, attitude, price, logistics, promotion or other.") String complaint,
      @Nullable @Doc("Language of the conversation, such as zh.") String language,
      @Default("[]") @Doc("Tags to add.") List<String> tags) {}

  /** {@code queues.<name>}. */
  public record Queue(
      @Default("100000") @Doc("Conversations that may wait; more are refused with 503.")
          int maxWaiting) {}

  /** {@code routing}. */
  public record Routing(
      @Default("keep-promises") @Doc("keep-promises or fifo.") String policy,
      @Default("10%") @Doc("Share of decisions reserved for conversations already late.")
          Share lateShare,
      @Default("2h") @Doc("Age past which the oldest is picked next, for 10% of decisions at most.")
          Duration hardBound,
      @Default("20s") @Doc("Time an agent has to accept an offer.") Duration offerTimeout,
      @Default("5m") @Doc("Time a declined conversation is not offered to the same agent.")
          Duration declineBackoff,
      @Default("60s") @Doc("After an agent's lease lapses, time until its conversations move.")
          Duration vanishGrace,
      @Default("256") @Doc("Buckets (queue, promise, skills) per workspace; more share one.")
          int maxBuckets) {}

  /** {@code agents.<id>}. */
  public record Agent(
      @Doc("Bearer token.") Secret token,
      @Default("agent") @Doc("agent, supervisor or operator.") String role,
      @Default("[]") @Doc("Queues the agent serves.") List<String> queues,
      @Default("{}") @Doc("Skills and levels 1 to 10.") Map<String, Integer> skills,
      @Default("[]") @Doc("Languages the agent answers in.") List<String> languages,
      @Default("4") @Doc("Sum of the costs the agent holds at once.") int capacity) {}

  /** {@code bots.<id>}. */
  public record Bot(
      @Doc("Bearer token.") Secret token,
      @Default("[]") @Doc("Channels whose new conversations the bot gets first.")
          List<String> channels,
      @Default("10s") @Doc("A bot that does not reply for this long hands over.")
          Duration replyTimeout,
      @Default("5s") @Doc("Time a bot without a session keeps its conversations.")
          Duration lostGrace) {}

  /** {@code conversations}. */
  public record Conversations(
      @Default("24h") @Doc("A message within this time after resolving reopens.")
          Duration reopenWindow,
      @Default("30d") @Doc("Time a closed conversation is kept.") Duration retention,
      @Default("10000") @Doc("Messages in one conversation; more are refused.") int maxMessages,
      @Default("1000000") @Doc("Conversations kept; more are refused with 503.")
          int maxConversations,
      @Default("1024") @Doc("Dedupe hashes per day; 512 ids fit one compactly.")
          int dedupeBuckets) {}

  /** {@code outbox}. */
  public record Outbox(
      @Default("10s") @Doc("Total time one send may take.") Duration sendTimeout,
      @Default("8") @Doc("Attempts before a message is a dead letter.") int maxAttempts,
      @Default("1s") @Doc("First pause before repeating; doubles with jitter.") Duration firstRetry,
      @Default("5m") @Doc("Longest pause before repeating.") Duration maxRetry,
      @Default("64") @Doc("Sends in flight per channel.") int inFlight,
      @Default("10000") @Doc("Dead letters kept; at the bound sending pauses.")
          int maxDeadLetters) {}
}
