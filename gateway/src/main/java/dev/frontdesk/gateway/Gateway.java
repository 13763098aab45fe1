// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.LoadedConfig;
import dev.frontdesk.connector.webchat.WebchatConnector;
import dev.frontdesk.gateway.agent.AgentInbox;
import dev.frontdesk.gateway.agent.AgentPresence;
import dev.frontdesk.gateway.agent.InboxWaiters;
import dev.frontdesk.gateway.agent.PollTurns;
import dev.frontdesk.gateway.bot.BotCircuits;
import dev.frontdesk.gateway.bot.BotSessions;
import dev.frontdesk.gateway.bot.BotSocket;
import dev.frontdesk.gateway.chat.Typing;
import dev.frontdesk.gateway.chat.VisitorSocket;
import dev.frontdesk.gateway.classifier.OpeningLookout;
import dev.frontdesk.gateway.conversation.ConversationCodec;
import dev.frontdesk.gateway.conversation.ConversationQueries;
import dev.frontdesk.gateway.conversation.ConversationService;
import dev.frontdesk.gateway.conversation.JsonCodec;
import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.conversation.Workspaces;
import dev.frontdesk.gateway.customer.ConversationEraser;
import dev.frontdesk.gateway.customer.CustomerErasures;
import dev.frontdesk.gateway.customer.Customers;
import dev.frontdesk.gateway.customer.CustomersInUse;
import dev.frontdesk.gateway.domain.Timer;
import dev.frontdesk.gateway.edge.Authentication;
import dev.frontdesk.gateway.edge.ManagementServer;
import dev.frontdesk.gateway.edge.PublicServer;
import dev.frontdesk.gateway.edge.Rooms;
import dev.frontdesk.gateway.edge.WaitingClients;
import dev.frontdesk.gateway.event.EventLetterBox;
import dev.frontdesk.gateway.event.OutgoingEvents;
import dev.frontdesk.gateway.intake.Channels;
import dev.frontdesk.gateway.intake.Conditions;
import dev.frontdesk.gateway.intake.IntakeGate;
import dev.frontdesk.gateway.intake.TriageSweep;
import dev.frontdesk.gateway.intake.WebhookIntake;
import dev.frontdesk.gateway.lease.WorkspaceLease;
import dev.frontdesk.gateway.outbox.DeadLetterBox;
import dev.frontdesk.gateway.outbox.OutboundDispatcher;
import dev.frontdesk.gateway.report.AgentBoard;
import dev.frontdesk.gateway.report.ClockReport;
import dev.frontdesk.gateway.report.FirstResponseReport;
import dev.frontdesk.gateway.report.QueueBoard;
import dev.frontdesk.gateway.report.QueuePace;
import dev.frontdesk.gateway.routing.QueuePull;
import dev.frontdesk.gateway.routing.Router;
import dev.frontdesk.gateway.security.DisabledAgents;
import dev.frontdesk.gateway.security.Tokens;
import dev.frontdesk.gateway.socket.SocketLimits;
import dev.frontdesk.gateway.store.Store;
import dev.frontdesk.gateway.store.StoreClock;
import dev.frontdesk.gateway.store.memory.InMemoryStore;
import dev.frontdesk.gateway.telemetry.BoardSampler;
import dev.frontdesk.gateway.telemetry.GatewayMetrics;
import dev.frontdesk.gateway.telemetry.LogKeys;
import dev.frontdesk.gateway.telemetry.LoopLag;
import dev.frontdesk.gateway.time.Scheduler;
import dev.frontdesk.gateway.time.VertxScheduler;
import dev.frontdesk.gateway.timer.ClockSweep;
import dev.frontdesk.gateway.timer.NoticeTimers;
import dev.frontdesk.gateway.timer.OrphanTimers;
import dev.frontdesk.gateway.timer.TimerLetterBox;
import dev.frontdesk.gateway.timer.TimerRoom;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway: its rooms, wired in the order of the flow. Nothing else wires.
 *
 * <pre>
 * platform ─▶ edge ─▶ connector ─▶ intake ─▶ conversation ─▶ store
 *                                                ▲
 *      agents, bots, visitors, timers, router ───┴───▶ outbox ─▶ connector ─▶ platform
 * </pre>
 */
public final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** Why intake is closed before channels are wired. */
  private static final String STARTING = "starting";

  /** What is done while the store opens is waited for no longer than this. */
  private static final long MEANWHILE_MILLIS = 2_500;

  /** Events that may wait in this node's lanes; more are refused with 503. */
  private static final int MAX_WAITING_EVENTS = 20_000;

  /** What a reload replaces is closed when its last send must be over. */
  private static final Duration CLOSING_DELAY = Duration.ofMinutes(1);

  /** How old the wallboard's gauges may be. */
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);

  /** Connections to one endpoint of outgoing events, and requests that may wait for one. */
  private static final int EVENT_CONNECTIONS = 32;

  private static final int EVENT_CONNECT_MILLIS = 3_000;

  private final Vertx vertx;
  private final WebClient eventClient;
  private final Ground ground;
  private final Store store;
  private final GatewayMetrics metrics;
  private final ConnectorCatalog catalog;
  private final Scheduler scheduler;
  private final SecureRandom random = new SecureRandom();
  private final String node = token(6);
  private final Workspaces workspaces;
  private final WorkspaceFactory factory;
  private final Tokens tokens;
  private final Channels channels = new Channels();
  private final IntakeGate gate;
  private final WebClient asking;
  private final ConversationService conversations;
  private final Customers customers;
  private final CustomerErasures erasures;
  private final WebhookIntake intake;
  private final AgentPresence presence;
  private final InboxWaiters inboxWaiters;
  private final BotSessions botSessions;
  private final BotSocket bots;
  private final VisitorSocket visitors;
  private final DisabledAgents disabled;
  private final WorkspaceRooms rooms;
  private final PublicServer server;
  private final ManagementServer management;
  private final BoardSampler sampler;
  private final String managementHost;
  private volatile int managementPort;

  private Gateway(
      Vertx vertx,
      LoadedConfig loaded,
      ConnectorCatalog catalog,
      Ground ground,
      IntakeGate gate,
      GatewayMetrics metrics) {
    this.vertx = vertx;
    this.eventClient =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setUserAgent("Frontdesk")
                .setFollowRedirects(false)
                .setConnectTimeout(EVENT_CONNECT_MILLIS),
            new PoolOptions()
                .setHttp1MaxSize(EVENT_CONNECTIONS)
                .setMaxWaitQueueSize(EVENT_CONNECTIONS));
    this.ground = ground;
    this.store = ground.store();
    this.gate = gate;
    this.metrics = metrics;
    this.catalog = catalog;
    this.scheduler = new VertxScheduler(vertx);
    FrontdeskConfig config = loaded.config();
    this.managementHost = config.server().managementHost();
    this.factory =
        new WorkspaceFactory(catalog::family, new Conditions(), metrics::conditionFailed);
    this.workspaces = new Workspaces(factory.workspaces(config));
    this.tokens = new Tokens(config.workspaces());
    ConversationCodec codec = new JsonCodec();
    this.asking = WebClient.create(vertx, new WebClientOptions().setUserAgent("Frontdesk"));
    QueuePace pace = new QueuePace(store);
    BotCircuits circuits = new BotCircuits(store);
    this.conversations =
        new ConversationService(
            store,
            codec,
            scheduler,
            random,
            metrics,
            MAX_WAITING_EVENTS,
            new OpeningLookout(
                store,
                pace,
                asking,
                scheduler,
                metrics,
                new CustomersInUse(store, System::nanoTime)::in),
            circuits);
    this.customers = new Customers(store, codec, conversations, scheduler);
    this.erasures =
        new CustomerErasures(
            store,
            customers,
            conversations,
            new ConversationEraser(
                store,
                conversations,
                new DeadLetterBox(store, conversations),
                new EventLetterBox(store)));
    this.intake = new WebhookIntake(vertx, channels, conversations, store, gate, metrics);
    PollTurns turns = new PollTurns(config.redis().requestQueue());
    this.presence = new AgentPresence(store, conversations, System::nanoTime, turns);
    WaitingClients waiting = new WaitingClients(config.server().limits().waitingClients());
    Context inboxHome = vertx.getOrCreateContext();
    this.inboxWaiters =
        new InboxWaiters(
            store,
            scheduler,
            task -> inboxHome.runOnContext(v -> task.run()),
            config.server().limits().waitingClients(),
            turns);
    AgentInbox inbox = new AgentInbox(store, conversations::find, inboxWaiters, turns);
    QueuePull pull = new QueuePull(store, conversations);
    Typing typing = new Typing();
    this.botSessions = new BotSessions(store, conversations);
    this.bots =
        new BotSocket(
            vertx,
            workspaces,
            store,
            conversations,
            botSessions,
            tokens::find,
            typing::in,
            waiting,
            SocketLimits.bots(config.server().limits()));
    this.visitors =
        new VisitorSocket(
            vertx,
            workspaces,
            this::webchat,
            store,
            intake::receive,
            conversations,
            typing,
            new WaitingClients(config.server().limits().waitingVisitors()),
            SocketLimits.visitors(config.server().limits()));
    this.disabled = new DisabledAgents(store);
    disabled.onDisabled(
        (workspace, agent) -> inbox.end(Objects.requireNonNull(workspaces.find(workspace)), agent));
    this.rooms =
        new WorkspaceRooms(vertx.getOrCreateContext(), this::background, disabled, circuits);
    this.server =
        new PublicServer(
            vertx,
            config.server(),
            new PublicServer.Parts(
                workspaces,
                new Authentication(tokens, disabled, metrics),
                disabled,
                intake::accept,
                new Rooms(
                    Rooms.Conversations.of(conversations, typing::in),
                    Rooms.Desk.of(inbox, turns, presence, pull),
                    Rooms.Boards.of(
                        new QueueBoard(store),
                        new AgentBoard(store),
                        new FirstResponseReport(store),
                        new ClockReport(store)),
                    Rooms.DeadLetters.of(new DeadLetterBox(store, conversations)),
                    Rooms.EventLetters.of(new EventLetterBox(store)),
                    Rooms.TimerLetters.of(new TimerLetterBox(store)),
                    Rooms.Customers.of(customers, erasures)),
                new ConversationQueries(store, codec, conversations::find),
                store,
                new PublicServer.Mounts(bots.handler(), visitors.handler()),
                waiting,
                metrics));
    this.management = new ManagementServer(vertx, config.server(), metrics);
    management.readyWhen("intake", () -> gate.isOpen() ? Optional.empty() : gate.reason());
    management.readyWhen(
        "draining", () -> server.isDraining() ? Optional.of("draining") : Optional.empty());
    management.readyWhen("store", () -> ground.trouble().get().or(this::quarantined));
    management.beforeScrape(
        () ->
            workspaces
                .all()
                .forEach(at -> metrics.quarantined(at.id(), ground.quarantined().test(at.id()))));
    this.sampler =
        new BoardSampler(
            workspaces,
            new QueueBoard(store),
            new FirstResponseReport(store),
            metrics,
            scheduler,
            SAMPLE_EVERY);
  }

  private Optional<String> quarantined() {
    return workspaces.all().stream()
        .map(Workspace::id)
        .filter(ground.quarantined())
        .findFirst()
        .map(id -> "workspace " + id + " is in quarantine: frontdesk adopt takes the store");
  }

  /**
   * What a gateway stands on: its store, which workspaces of it are in quarantine, what keeps it
   * from being worked with now, its end.
   */
  record Ground(
      Store store,
      Predicate<String> quarantined,
      Supplier<Optional<String>> trouble,
      Supplier<Future<Void>> closing) {}

  /** Opens the store, wires, listens. The future fails with one sentence that says what to do. */
  public static Future<Gateway> start(Vertx vertx, LoadedConfig loaded, ConnectorCatalog catalog) {
    return start(vertx, loaded, catalog, Future::succeededFuture);
  }

  /**
   * The same with something to do while the store opens; it listens when that is over too, however
   * it ended.
   */
  static Future<Gateway> start(
      Vertx vertx,
      LoadedConfig loaded,
      ConnectorCatalog catalog,
      Supplier<? extends Future<?>> meanwhile) {
    GatewayMetrics metrics =
        new GatewayMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    IntakeGate gate = closedGate();
    Future<Gateway> wired =
        StoreRoom.open(
                vertx,
                loaded.config(),
                new GateKeeper(gate),
                nanos -> metrics.storeLatency(Duration.ofNanos(nanos)))
            .map(room -> room.watching(vertx, metrics::fsyncLatency))
            .compose(room -> wire(vertx, loaded, catalog, room.ground(), gate, metrics));
    Promise<Void> over = Promise.promise();
    vertx.setTimer(MEANWHILE_MILLIS, late -> over.tryComplete());
    try {
      meanwhile.get().onComplete(done -> vertx.runOnContext(here -> over.tryComplete()));
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("The rehearsal did not begin");
      over.tryComplete();
    }
    return wired.compose(gateway -> over.future().compose(done -> gateway.open(loaded)));
  }

  /**
   * A gateway whose store is in memory, for a {@link Vertx} with one event loop; nothing of it is
   * durable.
   */
  public static Future<Gateway> inMemory(
      Vertx vertx, LoadedConfig loaded, ConnectorCatalog catalog, StoreClock clock) {
    Ground ground =
        new Ground(new InMemoryStore(clock), id -> false, Optional::empty, Future::succeededFuture);
    return wire(
            vertx,
            loaded,
            catalog,
            ground,
            closedGate(),
            new GatewayMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)))
        .compose(gateway -> gateway.open(loaded));
  }

  private static IntakeGate closedGate() {
    IntakeGate gate = new IntakeGate();
    gate.close(STARTING);
    return gate;
  }

  /** Wiring loads some thousand classes: not on an event loop. */
  private static Future<Gateway> wire(
      Vertx vertx,
      LoadedConfig loaded,
      ConnectorCatalog catalog,
      Ground ground,
      IntakeGate gate,
      GatewayMetrics metrics) {
    return vertx
        .executeBlocking(() -> new Gateway(vertx, loaded, catalog, ground, gate, metrics), false)
        .recover(failure -> ground.closing().get().transform(done -> Future.failedFuture(failure)));
  }

  private Future<Gateway> open(LoadedConfig loaded) {
    return server
        .listen(Runtime.getRuntime().availableProcessors())
        .compose(port -> management.listen())
        .compose(
            port -> {
              managementPort = port;
              return vertx.executeBlocking(() -> put(loaded), false);
            })
        .map(
            done -> {
              rooms.put(workspaces.all());
              gate.open(STARTING);
              vertx.getOrCreateContext().runOnContext(v -> sampler.start());
              new LoopLag(vertx, metrics).watch();
              return this;
            })
        .recover(failure -> ground.closing().get().transform(done -> Future.failedFuture(failure)));
  }

  /** Puts channels, rules and tokens of a configuration in force. */
  private Gateway put(LoadedConfig loaded) {
    workspaces.replace(factory.workspaces(loaded.config()));
    tokens.replace(loaded.config().workspaces());
    List<Channels.Channel> before =
        channels.replace(new ChannelFactory(vertx, catalog, server.publicUrl()).channels(loaded));
    server.polls().recheck();
    visitors.endRemoved();
    scheduler.after(CLOSING_DELAY, () -> before.forEach(Gateway::close));
    return this;
  }

  private static void close(Channels.Channel channel) {
    channel
        .closing()
        .get()
        .onFailure(
            failure ->
                LOG.atWarn()
                    .addKeyValue(LogKeys.CHANNEL, channel.id())
                    .setCause(failure)
                    .log("A connector did not close"));
  }

  /**
   * Starts a workspace's timers, router, outbox and events, which run while this node holds its
   * lease.
   */
  private Background background(Workspace workspace) {
    Context home = vertx.getOrCreateContext();
    Supplier<Workspace> current =
        () -> Objects.requireNonNullElse(workspaces.find(workspace.id()), workspace);
    presence.watch(workspace);
    NoticeTimers notices = new NoticeTimers(store, conversations);
    OrphanTimers orphans = new OrphanTimers(conversations, metrics);
    TimerRoom timers =
        new TimerRoom(
            current,
            store,
            scheduler,
            Map.of(
                Timer.Subject.CONVERSATION,
                conversations::fire,
                Timer.Subject.AGENT,
                presence::fired,
                Timer.Subject.BOT,
                (at, timer) -> botSessions.lost(at, timer.subject(), timer.generation()),
                Timer.Subject.CUSTOMER,
                (at, timer) -> erasures.resume(at, timer).mapEmpty(),
                Timer.Subject.NOTICE,
                (at, timer) -> notices.fired(at, timer).mapEmpty(),
                Timer.Subject.ORPHAN,
                (at, timer) -> orphans.fired(at, timer).mapEmpty()),
            metrics);
    OutboundDispatcher outbox =
        new OutboundDispatcher(
            current, node, store, conversations, channels, scheduler, random, metrics);
    OutgoingEvents events =
        new OutgoingEvents(current, store, eventClient, scheduler, random, metrics);
    Router router =
        new Router(
            current,
            store,
            scheduler,
            task -> home.runOnContext(v -> task.run()),
            conversations,
            () -> token(16),
            metrics);
    return new Background(
        workspace.id(),
        store,
        home,
        timers,
        outbox,
        events,
        router,
        holder ->
            new WorkspaceLease(
                workspace.id(), node, store, scheduler, holder.taken(), holder.lost()));
  }

  private @Nullable WebchatConnector webchat(String workspace, String channel) {
    Channels.Channel found = channels.find(workspace, channel);
    return found != null && found.connector() instanceof WebchatConnector it ? it : null;
  }

  /** Unguessable, of the URL alphabet. */
  private String token(int bytes) {
    byte[] bits = new byte[bytes];
    random.nextBytes(bits);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
  }

  /**
   * A configuration read again: workspaces, rules, channels and tokens change, listeners and store
   * do not.
   */
  public void reload(LoadedConfig loaded) {
    Map<String, Workspace> before =
        workspaces.all().stream().collect(Collectors.toMap(Workspace::id, workspace -> workspace));
    var unused = put(loaded);
    rooms.put(workspaces.all());
    ClockSweep sweep = new ClockSweep(store, conversations);
    TriageSweep triage = new TriageSweep(store, conversations);
    for (Workspace workspace : workspaces.all()) {
      if (countsOtherwise(before.get(workspace.id()), workspace)) {
        vertx.runOnContext(here -> sweep.sweep(workspace).onFailure(logged -> {}));
      }
      Workspace was = before.get(workspace.id());
      if (was != null && TriageSweep.isNeeded(was, workspace)) {
        vertx.runOnContext(here -> triage.sweep(workspace).onFailure(logged -> {}));
      }
    }
  }

  private static boolean countsOtherwise(@Nullable Workspace before, Workspace now) {
    return before != null
        && !(before.config().promises().equals(now.config().promises())
            && before.config().calendars().equals(now.config().calendars()));
  }

  public String publicUrl() {
    return server.publicUrl();
  }

  /** Address of health, metrics and documents. */
  public String managementUrl() {
    return "http://" + managementHost + ":" + managementPort;
  }

  public int port() {
    return server.port();
  }

  /** How many long-polls are open on this node. */
  int openPolls() {
    return server.polls().size();
  }

  /** What an acknowledged message survives, in one line. */
  public Store store() {
    return store;
  }

  /**
   * Stops in order: intake closes, background work is given to other nodes, long-polls end, open
   * requests finish, the store closes.
   */
  public Future<Void> stop() {
    server.refuseWebhooks();
    return rooms
        .stop()
        .transform(done -> Future.join(bots.drain(), visitors.drain()))
        .transform(done -> server.drain())
        .transform(done -> management.close())
        .transform(
            done -> {
              sampler.stop();
              asking.close();
              eventClient.close();
              channels.replace(Map.of()).forEach(Gateway::close);
              return ground.closing().get();
            });
  }
}
