// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.domain;

import dev.frontdesk.connector.DeliveryStatus;
import dev.frontdesk.connector.MessageContent;
import dev.frontdesk.gateway.domain.Conversation.Armed;
import dev.frontdesk.gateway.domain.Conversation.Load;
import dev.frontdesk.gateway.domain.Conversation.Offer;
import dev.frontdesk.gateway.domain.Conversation.Pending;
import dev.frontdesk.gateway.domain.Conversation.Recent;
import dev.frontdesk.gateway.domain.Conversation.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A conversation while one event changes it. Rules change the fields; rows that follow from the
 * state (queue, timers, load, pointer, bot) are the difference of the two states, made once at the
 * end by {@link #done}, so that they cannot disagree with it. Lives for one call; not thread-safe.
 *
 * <p>Longer than most rooms because it names every field of the aggregate twice.
 */
final class Draft {
  private static final int PREVIEW_LENGTH = 60;

  final Terms terms;

  /** The aggregate's time, whole milliseconds, never before its last event. */
  final Instant now;

  final Conversation.Id id;
  final ContactKey contact;
  private final @Nullable Conversation before;
  private final String connector;
  private final Instant openedAt;
  private final List<Effect> effects = new ArrayList<>(12);
  private final List<Integer> seqs = new ArrayList<>(2);

  /** Those of the state before until the first change, then an EnumMap. */
  private Map<Timer.Kind, Armed> armed;

  private final List<Recent> operations;
  private int generation;
  private ConversationEvent.@Nullable AgentFence fence;

  @Nullable String contactName;
  @Nullable String tier;
  Stage stage;
  @Nullable Owner owner;
  long epoch;
  Triage triage;

  /** Which rule of triage set what in this event. */
  Map<String, String> because = Map.of();

  @Nullable ResponseClock clock;
  private Map<ClockKind, ResponseClock> later = Map.of();
  @Nullable Offer offer;
  Conversation.@Nullable Pause pause;
  int lastSeq;
  String preview = "";
  Instant lastMessageAt;
  @Nullable Instant waitingSince;
  private @Nullable Instant queuedSince;
  @Nullable Instant assignedAt;
  @Nullable Instant resolvedAt;
  @Nullable Instant acknowledgedAt;
  Surroundings surroundings = Surroundings.UNKNOWN;

  /** The bot that was passed by when it opened, because it rests; or null. */
  @Nullable String skipped;

  /** The customer asked just now, or a bot did in the customer's place. */
  boolean asked;

  Agent.@Nullable Id lastAgent;
  private @Nullable String lastBot;
  Map<Agent.Id, Instant> declined;
  private @Nullable Load load;
  SendWindow window;
  Map<String, String> context;
  final List<Pending> outbox;
  boolean humanAnswered;
  boolean unanswered;
  boolean automatic;
  boolean ownerAway;
  @Nullable Customer customer;
  Hands hands = Hands.NONE;
  @Nullable Escalation escalation;

  /** A conversation that opens now. */
  Draft(Terms terms, Conversation.Id id, ContactKey contact, Triage triage, Instant now) {
    this.terms = terms;
    this.now = now.truncatedTo(ChronoUnit.MILLIS);
    this.id = id;
    this.contact = contact;
    this.before = null;
    Terms.Channel channel = terms.channels().get(contact.channel());
    this.connector = channel == null ? "" : channel.connector();
    this.openedAt = this.now;
    this.lastMessageAt = this.now;
    this.stage = Stage.WAITING;
    this.triage = triage;
    this.window = SendWindow.UNLIMITED;
    this.declined = Map.of();
    this.armed = new EnumMap<>(Timer.Kind.class);
    this.context = Map.of();
    this.outbox = new ArrayList<>(1);
    this.operations = new ArrayList<>(1);
    this.automatic = true;
  }

  /** A conversation as it is. */
  Draft(Terms terms, Conversation from, Instant now) {
    Instant whole = now.truncatedTo(ChronoUnit.MILLIS);
    this.terms = terms;
    this.now = whole.isBefore(from.lastEventAt()) ? from.lastEventAt() : whole;
    this.id = from.id();
    this.contact = from.contact();
    this.before = from;
    this.connector = from.connector();
    this.contactName = from.contactName();
    this.tier = from.tier();
    this.stage = from.stage();
    this.owner = from.owner();
    this.epoch = from.epoch();
    this.triage = from.triage();
    this.clock = from.clock();
    this.later = from.laterClocks();
    this.offer = from.offer();
    this.pause = from.pause();
    this.lastSeq = from.lastSeq();
    this.preview = from.preview();
    this.openedAt = from.openedAt();
    this.lastMessageAt = from.lastMessageAt();
    this.waitingSince = from.waitingSince();
    this.queuedSince = from.queuedSince();
    this.assignedAt = from.assignedAt();
    this.resolvedAt = from.resolvedAt();
    this.acknowledgedAt = from.acknowledgedAt();
    this.lastAgent = from.lastAgent();
    this.lastBot = from.lastBot();
    this.declined = from.declined();
    this.load = from.load();
    this.window = from.window();
    this.armed = from.armed();
    this.generation = from.generation();
    this.context = from.context();
    this.outbox = new ArrayList<>(from.outbox());
    this.operations = new ArrayList<>(from.operations());
    this.humanAnswered = from.humanAnswered();
    this.unanswered = from.unanswered();
    this.automatic = from.automatic();
    this.ownerAway = from.ownerAway();
    this.customer = from.customer();
    this.hands = from.hands();
    this.escalation = from.escalation();
  }

  static Instant whole(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS);
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  void audit(String what, Author by, Map<String, String> details) {
    emit(new Effect.Audit(now, what, by, details));
  }

  void announce(String name, Map<String, String> details) {
    emit(new Effect.Announced(name, details));
  }

  /** Appends a message; its seq becomes one of the results. */
  int append(
      Message.Direction direction,
      Author author,
      MessageContent content,
      @Nullable DeliveryStatus delivery) {
    return append(
        new Message(
            lastSeq + 1,
            direction,
            author,
            content,
            null,
            null,
            now,
            now,
            0,
            delivery,
            null,
            null,
            false));
  }

  int append(Message message) {
    lastSeq = message.seq();
    seqs.add(message.seq());
    emit(new Effect.MessageAppended(message));
    return message.seq();
  }

  /** Makes the text what lists show of the conversation. */
  void show(MessageContent content) {
    lastMessageAt = now;
    preview = previewOf(content);
  }

  static String previewOf(MessageContent content) {
    String text = content.text().strip();
    if (text.isEmpty()) {
      return "[" + content.kind() + "]";
    }
    int length = text.codePointCount(0, text.length());
    return length <= PREVIEW_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, PREVIEW_LENGTH - 1)) + "…";
  }

  /** A row in the inbox of the agent who has it, or of each to whom it is offered. */
  void tell(Effect.InboxRow.Change change, int seq, @Nullable String reason) {
    Agent.Id agent = holder();
    if (agent != null) {
      tell(agent, change, seq, reason);
    }
    for (Hands.Rival rival : hands.rivals()) {
      tell(rival.offer().agent(), change, seq, reason);
    }
  }

  /** A row in the inbox of this agent. */
  void tell(Agent.Id agent, Effect.InboxRow.Change change, int seq, @Nullable String reason) {
    emit(new Effect.InboxRow(agent, change, seq, reason));
  }

  /** The agent who owns it or to whom it was offered first, or null. */
  Agent.@Nullable Id holder() {
    if (offer != null) {
      return offer.agent();
    }
    return owner != null && owner.kind() == Owner.Kind.AGENT ? new Agent.Id(owner.id()) : null;
  }

  /** Every open offer, the first one first. */
  List<Offer> offers() {
    if (offer == null) {
      return List.of();
    }
    List<Offer> all = new ArrayList<>(hands.rivals().size() + 1);
    all.add(offer);
    hands.rivals().forEach(rival -> all.add(rival.offer()));
    return all;
  }

  /** The open offer to this agent, or null. */
  @Nullable Offer offerTo(Agent.Id agent) {
    for (Offer one : offers()) {
      if (one.agent().equals(agent)) {
        return one;
      }
    }
    return null;
  }

  /** The bot that owns it, or null. */
  @Nullable String bot() {
    return owner != null && owner.kind() == Owner.Kind.BOT ? owner.id() : null;
  }

  /** Whether a bot has it, or was the last bot that had it. */
  boolean isKnownTo(String bot) {
    return bot.equals(bot()) || bot.equals(lastBot);
  }

  boolean isOwnedBy(Author author) {
    return owner != null
        && owner.id().equals(author.id())
        && owner.kind().name().equals(author.kind().name());
  }

  void arm(Timer.Kind kind, Instant due) {
    changedTimers().put(kind, new Armed(++generation, due.truncatedTo(ChronoUnit.MILLIS)));
  }

  void disarm(Timer.Kind kind) {
    if (armed.containsKey(kind)) {
      changedTimers().remove(kind);
    }
  }

  /** Most events change no timer, and then nothing of them is copied. */
  private Map<Timer.Kind, Armed> changedTimers() {
    if (!(armed instanceof EnumMap)) {
      Map<Timer.Kind, Armed> own = new EnumMap<>(Timer.Kind.class);
      own.putAll(armed);
      armed = own;
    }
    return armed;
  }

  /** When the timer falls due, or null while it is not armed. */
  @Nullable Instant armedAt(Timer.Kind kind) {
    Armed at = armed.get(kind);
    return at == null ? null : at.due();
  }

  /** The newest spell of that clock, or null before the first. */
  @Nullable ResponseClock clock(ClockKind kind) {
    return kind == ClockKind.FIRST_RESPONSE ? clock : later.get(kind);
  }

  /** The same before this event. */
  @Nullable ResponseClock clockBefore(ClockKind kind) {
    return before == null ? null : before.clock(kind);
  }

  void clock(ClockKind kind, ResponseClock next) {
    if (kind == ClockKind.FIRST_RESPONSE) {
      clock = next;
    } else {
      Map<ClockKind, ResponseClock> more = new EnumMap<>(ClockKind.class);
      more.putAll(later);
      more.put(kind, next);
      later = more;
    }
  }

  /** The clocks besides the first response's that ever ran. */
  List<ClockKind> laterClocks() {
    return later.isEmpty() ? List.of() : List.copyOf(later.keySet());
  }

  /** Whether nobody could answer it when the last event was over. */
  boolean wasCutOff() {
    return before != null && ReachRules.isCutOff(before, before.lastEventAt());
  }

  /** Whether it was queued, for everybody, when an event came at that time or later. */
  boolean wasQueuedAt(Instant at) {
    return before != null
        && (before.stage() == Stage.WAITING || before.stage() == Stage.OFFERED)
        && !before.armed().containsKey(Timer.Kind.RETURN)
        && !before.lastEventAt().isBefore(at);
  }

  /** Whether this event gave it to somebody else, or to nobody. */
  boolean ownerChanged() {
    return before != null && before.epoch() != epoch;
  }

  /** Whether this event gave it another promise. */
  boolean promiseChanged() {
    return before != null && !before.triage().promise().equals(triage.promise());
  }

  boolean isArmed(Timer.Kind kind) {
    return armed.containsKey(kind);
  }

  /** Changes who may answer; the epoch rises if that is somebody else. */
  void own(@Nullable Owner next) {
    if (!Objects.equals(owner, next)) {
      lastBot = bot() == null ? lastBot : bot();
      owner = next;
      epoch++;
    }
  }

  /** Charges an agent for this conversation unless that agent is charged already. */
  void charge(ConversationEvent.AgentFence agent, int cost) {
    winner(agent.id());
    if (load == null || !load.agent().equals(agent.id())) {
      load = new Load(agent.id(), cost);
      fence = agent;
    }
  }

  Instant openedAt() {
    return openedAt;
  }

  /** Since when it waits in its queue: since it waits, or came there from another. */
  Instant inQueueSince() {
    Instant since = waitingSince == null ? openedAt : waitingSince;
    return queuedSince == null || queuedSince.isBefore(since) ? since : queuedSince;
  }

  /** It came to its queue then; null: with what it waits for. */
  void inQueueSince(@Nullable Instant at) {
    queuedSince = at;
  }

  /** An event that gave it another queue put it there. */
  void noteQueue() {
    if (before != null && !before.triage().queue().equals(triage.queue())) {
      queuedSince = now;
    }
  }

  /** What is charged for it, or null. */
  @Nullable Load load() {
    return load;
  }

  /** The same agent is charged something else. */
  void load(Load other) {
    load = other;
  }

  /** One more agent to whom it is offered, and what that costs. */
  void charge(ConversationEvent.AgentFence agent, Hands.Rival rival) {
    hands = hands.with(rival);
    fence = agent;
  }

  /** If it was offered to this agent too, the charge of that offer is the one that stays. */
  void winner(Agent.Id agent) {
    for (Hands.Rival rival : hands.rivals()) {
      if (rival.offer().agent().equals(agent)) {
        load = new Load(agent, rival.cost());
      }
    }
  }

  /** The offer to this agent is over; the next one of those still open, if any, is the first. */
  void withdraw(Agent.Id agent) {
    if (offer == null || !offer.agent().equals(agent)) {
      hands = hands.without(agent);
    } else if (hands.rivals().isEmpty()) {
      offer = null;
    } else {
      Hands.Rival next = hands.rivals().get(0);
      offer = next.offer();
      load = new Load(offer.agent(), next.cost());
      hands = hands.without(offer.agent());
    }
  }

  /** Takes it out of every hand, but its owner's capacity stays charged until {@code until}. */
  void wrapUp(Instant until) {
    Load held = load;
    setDown();
    if (held != null) {
      load = held;
      arm(Timer.Kind.WRAP_UP, until);
    }
  }

  /** Whom it still takes capacity of though nobody has it, or null. */
  Agent.@Nullable Id wrappingUp() {
    return load != null && !stage.isOpen() ? load.agent() : null;
  }

  /** Nobody is charged any more. */
  void discharge() {
    load = null;
    disarm(Timer.Kind.WRAP_UP);
  }

  /** Nobody has it: it waits in the queue, with age and clock as they are. */
  void queue() {
    stage = Stage.WAITING;
    if (waitingSince == null) {
      waitingSince = now;
    }
    setDown();
  }

  /** The agent has it. */
  void assign(Agent.Id agent) {
    setDown(agent);
    stage = Stage.ASSIGNED;
    assignedAt = now;
    declined = Map.of();
    own(Owner.agent(agent));
  }

  /** Takes it out of every hand. */
  void setDown() {
    setDown(null);
    own(null);
    discharge();
    assignedAt = null;
  }

  private void setDown(Agent.@Nullable Id keeper) {
    offer = null;
    pause = null;
    ownerAway = false;
    disarm(Timer.Kind.OFFER);
    disarm(Timer.Kind.PAUSE);
    disarm(Timer.Kind.BOT_SILENT);
    if (keeper != null || owner != null) {
      disarm(Timer.Kind.RETURN); // of nobody: a reservation, which offers that ended do not end
    }
    hands = hands.withoutRivals();
    if (keeper == null) {
      Map<Agent.Id, Instant> still = new HashMap<>(declined);
      still.values().removeIf(until -> !until.isAfter(now));
      declined = still;
    }
  }

  /** Not to be offered to this agent before {@code until}. */
  void avoid(Agent.Id agent, Instant until) {
    Map<Agent.Id, Instant> more = new HashMap<>(declined);
    more.put(agent, until.truncatedTo(ChronoUnit.MILLIS));
    declined = more;
  }

  /**
   * That operation, if it was applied. The same id with another body is none of these: whether it
   * may be used again is decided by the row that is written with each operation.
   */
  @Nullable Recent recent(@Nullable Operation operation) {
    if (operation != null) {
      for (Recent recent : operations) {
        if (recent.is(operation)) {
          return recent;
        }
      }
    }
    return null;
  }

  void remember(@Nullable Operation operation, int seq, int count) {
    if (operation != null) {
      operations.add(new Recent(operation.id(), seq, count, Recent.markOf(operation)));
      if (operations.size() > Conversation.REMEMBERED_OPERATIONS) {
        operations.remove(0);
      }
    }
  }

  /** The same operation again: its messages, and nothing else. */
  Transition repeated(Recent recent) {
    Conversation current = Objects.requireNonNull(before);
    if (recent.seq() < 0) {
      return Transition.refused(
          current, Refusal.Code.NOT_OWNER, "it was refused and its text kept as a note");
    }
    List<Integer> produced = new ArrayList<>(recent.count());
    for (int i = 0; i < recent.count(); i++) {
      produced.add(recent.seq() + i);
    }
    return new Transition(current, List.of(), produced, null);
  }

  /** Everything of this event is given up. */
  Transition refused(Refusal.Code code, String message) {
    return Transition.refused(Objects.requireNonNull(before), code, message);
  }

  /** Nothing changes, not even what was drafted so far. */
  Transition unchanged() {
    return Transition.unchanged(Objects.requireNonNull(before));
  }

  Transition done() {
    return done(null);
  }

  /** The next state with all its rows; {@code refusal} if only a note of the event remains. */
  Transition done(@Nullable Refusal refusal) {
    ClockChanges.settle(this);
    ReachRules.settle(this);
    ReturnRules.settle(this);
    OverflowRules.settle(this);
    Activity.settle(this);
    if (asked) {
      AcknowledgementRules.acknowledge(this);
    }
    EscalationRules.settle(this);
    Clocks.arm(this, Timer.Kind.LATE, QueuePlace.lateAt(this));
    if (before != null && effects.isEmpty() && state(before.lastEventAt()).equals(before)) {
      return new Transition(before, List.of(), seqs, refusal);
    }
    if (stage == Stage.CLOSED && customer != null) {
      customer = customer.ofThePast();
    }
    Conversation next = state(now);
    Chronicle.write(before, next, because, effects);
    StateRows.write(before, next, fence, terms, effects);
    return new Transition(next, effects, seqs, refusal);
  }

  @SuppressWarnings("NullAway") // it does not see Agent.@Nullable Id of a record's component
  private Conversation state(Instant lastEventAt) {
    return new Conversation(
        id,
        contact,
        connector,
        contactName,
        tier,
        stage,
        owner,
        epoch,
        triage,
        clock,
        later,
        offer,
        pause,
        lastSeq,
        preview,
        openedAt,
        lastMessageAt,
        lastEventAt,
        waitingSince,
        waitingSince == null ? null : queuedSince,
        assignedAt,
        resolvedAt,
        acknowledgedAt,
        lastAgent,
        lastBot,
        declined,
        load,
        window,
        armed,
        generation,
        context,
        outbox,
        operations,
        humanAnswered,
        unanswered,
        automatic,
        ownerAway,
        customer,
        hands,
        escalation);
  }
}
