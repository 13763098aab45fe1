// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import dev.frontdesk.gateway.domain.Agent;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The glossary of Redis: every key of one workspace. All share the hash tag {@code {workspace}}, so
 * one commit may touch any of them.
 *
 * <pre>
 * key                      type    holds                                             removed by, TTL
 * {ws}:epoch               string  store epoch                                       never
 * {ws}:hw                  string  store time (ms) the store has come to, for who meets an older copy  never
 * {ws}:lease               string  node that polls timers, router, outbox            TTL (lease)
 * {ws}:nodes               zset    gateway nodes by last beat                         leaving, next beats
 * {ws}:c:ID                hash    v version, s encoded conversation                 retention timer
 * {ws}:m:ID                list    encoded messages, seq-1 is the index              retention timer
 * {ws}:h:ID                list    encoded history (audit and decisions), bounded    retention timer
 * {ws}:p:DIGEST            string  id of the conversation that a contact's events go to  closing
 * {ws}:pt:IDENTITY         hash    the same of contacts with a thread: thread's DIGEST → ID  closing
 * {ws}:cu:CUSTOMER         hash    v version, s encoded customer, l left to be told   erasure
 * {ws}:ci:IDENTITY         string  the customer an identity is linked to, encoded    unlinking, erasure
 * {ws}:cl:IDENTITY         string  what customers.lookup answered, empty: a miss      TTL lookup.keep, erasure
 * {ws}:ce                  hash    CUSTOMER → "time identities": erasures under way  end of the erasure
 * {ws}:co:ID               list    digests of operations whose answers tell of it, ≤ MAX_ANSWERS  TTL 24 h, erasure
 * {ws}:d:PERIOD:BUCKET     hash    digest of event key → "ID seq"                    TTL 12 days
 * {ws}:k:DIGEST            list    events waiting for their target, ≤ 16             its message, orphan timer, TTL 1 d; receipts 10 min
 * {ws}:kn:DIGEST           hash    n: how many were ever put there, the guard of it   with {ws}:k:DIGEST
 * {ws}:op:DIGEST           string  body digest + answer of an operation              TTL 24 h
 * {ws}:rw                  string  empty: written so that replicas confirm what came before it  TTL 1 min
 * {ws}:t                   zset    timers by due time (ms)                           firing commit
 * {ws}:o                   zset    conversations with something to send, by time     outbox commit
 * {ws}:q:BUCKET:f|l        zset    waiting conversations, on time / late, by score   offer commit
 * {ws}:qb                  hash    BUCKET → waiting in it, both lanes; by rules     count 0 stays
 * {ws}:qr                  hash    ID → details of a queue entry                     leaving the queue
 * {ws}:w:QUEUE|PROMISE     zset    waiting or offered conversations by arrival       leaving the board
 * {ws}:g                   hash    QUEUE|PROMISE|atRisk, …|breached → number         counts
 * {ws}:a:AGENT             hash    presence, until, gen, load, idle, in (warm-up)    never (per agent)
 * {ws}:al:AGENT            hash    ID → cost charged                                 release
 * {ws}:ai:AGENT            stream  inbox of changes, ≤ INBOX_LENGTH                  trimmed
 * {ws}:b:BOT               zset    unacknowledged frames "ID seq" by time            ack, release
 * {ws}:bo:BOT              hash    ID → epoch: conversations the bot owns            release
 * {ws}:bs:BOT              hash    gen; s:SESSION → "lease-end since": bot sockets  session's end, lost timer
 * {ws}:bp:BOT              hash    ID → session that alone may answer it             release
 * {ws}:bf                  hash    BOT → conversations it let down in a row, BOT|at → the last  its next answer
 * {ws}:ix                  zset    conversations by openedAt                         retention timer
 * {ws}:v:HOUR              hash    verdict and response time counts of that hour     TTL 90 days
 * {ws}:e                   stream  events for live views, ≤ EVENTS_LENGTH            TTL 10 min after the last listener
 * {ws}:eo                  zset    "ENDPOINT ID" with events to send, by time        sending commit
 * {ws}:er:ENDPOINT:ID      zset    event rows by order, of one conversation          sending commit; bounded
 * {ws}:ea                  hash    "ENDPOINT ID" → "attempts not-before" of its head  sending commit
 * {ws}:el                  hash    id → event that was given up                      operator; bounded
 * {ws}:dl                  hash    "ID seq" → channel LF reason; timer~DIGEST → timer  operator; bounded
 * </pre>
 *
 * <p>{@code {ws}:-} never exists: in a cluster it is a key of every commit, which is then refused
 * as a whole while its slot moves.
 *
 * <p>Wake-ups are published on {@code {ws}:wake}.
 */
public final class RedisKeys {

  /**
   * How long one set of dedupe hashes is written. Looking back 8 days then takes three lookups;
   * with days it would take nine, and each scans a whole compact hash.
   */
  public static final Duration DEDUPE_PERIOD = Duration.ofDays(4);

  /** Events a live view can be continued over: a busy workspace makes some 20 a second. */
  public static final int EVENTS_LENGTH = 10_000;

  public static final int INBOX_LENGTH = 5_000;
  public static final int MAX_PARKED = 16;

  /** Operations of one conversation in 24 h whose answers an erasure finds. */
  public static final int MAX_ANSWERS = 20_000;

  public static final int MAX_HISTORY = 500;

  private final String tag;

  public RedisKeys(String workspace) {
    this.tag = "{" + workspace + "}:";
  }

  public Key epoch() {
    return new Key(tag + "epoch");
  }

  /** How far the store has come, by its own time. */
  public Key highWater() {
    return new Key(tag + "hw");
  }

  public Key lease() {
    return new Key(tag + "lease");
  }

  public Key nodes() {
    return new Key(tag + "nodes");
  }

  public Key conversation(Conversation.Id id) {
    return new Key(tag + "c:" + id);
  }

  /** What {@link #conversation} puts before the id; the load script completes it. */
  public String conversationPrefix() {
    return tag + "c:";
  }

  public Key messages(Conversation.Id id) {
    return new Key(tag + "m:" + id);
  }

  public Key history(Conversation.Id id) {
    return new Key(tag + "h:" + id);
  }

  /** Where the id of the conversation stands that a contact's events go to. */
  public Pointer pointer(ContactKey contact) {
    return contact.thread() == null
        ? new Pointer(new Key(tag + "p:" + contact.digest()), null)
        : new Pointer(threads(contact.identity()), contact.digest());
  }

  /** The pointers of an identity's contacts that have a thread. */
  public Key threads(String identity) {
    return new Key(tag + "pt:" + identity);
  }

  /** The pointer of an identity's contact without a thread. */
  public Key direct(String identity) {
    return new Key(tag + "p:" + identity);
  }

  public Key customer(String customer) {
    return new Key(tag + "cu:" + customer);
  }

  /** Which customer an identity ({@link ContactKey#identity}) is linked to. */
  public Key link(String identity) {
    return new Key(tag + "ci:" + identity);
  }

  /** What the lookup said about an identity. */
  public Key lookup(String identity) {
    return new Key(tag + "cl:" + identity);
  }

  public Key erasures() {
    return new Key(tag + "ce");
  }

  /** Operations whose stored answers tell of a conversation. */
  public Key answers(Conversation.Id id) {
    return new Key(tag + "co:" + id);
  }

  /** The dedupe hash of a period (counted from 1970-01-01 UTC, see DEDUPE_PERIOD) and bucket. */
  public Key dedupe(long period, int bucket) {
    return new Key(tag + "d:" + period + ":" + bucket);
  }

  /** The dedupe hash that is written now. */
  public Key dedupe(Instant now, int bucket) {
    return dedupe(dedupePeriod(now), bucket);
  }

  /**
   * The dedupe hashes of a bucket in which a digest of the last {@link LoadRequest#DEDUPE_TIME} may
   * stand, newest first: three, or four close to the end of a period, when another node may already
   * write into the next one (our clock is a lower bound of the store's, and never 5 s behind).
   */
  public List<Key> dedupeHashes(Instant now, int bucket) {
    long newest = dedupePeriod(now.plusSeconds(5));
    long oldest = dedupePeriod(now.minus(LoadRequest.DEDUPE_TIME));
    List<Key> keys = new ArrayList<>(4);
    for (long period = newest; period >= oldest; period--) {
      keys.add(dedupe(period, bucket));
    }
    return keys;
  }

  /** The period an instant falls into. */
  public static long dedupePeriod(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), DEDUPE_PERIOD.toSeconds());
  }

  public Key parked(String targetDigest) {
    return new Key(tag + "k:" + targetDigest);
  }

  /**
   * How many events wait, so that a commit can tell whether it saw all of them, and which they are
   * by their digests, so that none waits twice.
   */
  public Key parkedCount(String targetDigest) {
    return new Key(tag + "kn:" + targetDigest);
  }

  public Key operation(String digest) {
    return new Key(tag + "op:" + digest);
  }

  /** Whether a key is one of {@link #operation}: what repeats an answer. */
  public static boolean isAnswer(Key key) {
    return key.name().startsWith("}:op:", key.name().indexOf('}'));
  }

  public Key replicaMark() {
    return new Key(tag + "rw");
  }

  /** The {@link #replicaMark} of the workspace that a key belongs to. */
  public static Key replicaMarkBeside(Key key) {
    return new Key(key.name().substring(0, key.name().indexOf('}') + 2) + "rw");
  }

  public Key timers() {
    return new Key(tag + "t");
  }

  public Key outbox() {
    return new Key(tag + "o");
  }

  public Key bucket(String bucket, boolean late) {
    return new Key(tag + "q:" + bucket + (late ? ":l" : ":f"));
  }

  public Key buckets() {
    return new Key(tag + "qb");
  }

  public Key queueRows() {
    return new Key(tag + "qr");
  }

  public Key waiting(String queue, String promise) {
    return new Key(tag + "w:" + queue + "|" + promise);
  }

  public Key gauges() {
    return new Key(tag + "g");
  }

  public Key agent(Agent.Id id) {
    return new Key(tag + "a:" + id);
  }

  public Key agentLoad(Agent.Id id) {
    return new Key(tag + "al:" + id);
  }

  public Key inbox(Agent.Id id) {
    return new Key(tag + "ai:" + id);
  }

  public Key botFrames(String bot) {
    return new Key(tag + "b:" + bot);
  }

  public Key botOwned(String bot) {
    return new Key(tag + "bo:" + bot);
  }

  /** Sessions of a bot on any node, and the generation of that set. */
  public Key botSessions(String bot) {
    return new Key(tag + "bs:" + bot);
  }

  /** Which session of a bot holds a conversation. */
  public Key botPins(String bot) {
    return new Key(tag + "bp:" + bot);
  }

  /** Conversations that bots let down in a row, while there are any. */
  public Key botFailures() {
    return new Key(tag + "bf");
  }

  /** Field of {@link #botFailures}: when the last of them was. */
  public static String failedAt(String bot) {
    return bot + "|at";
  }

  /** Wake-up of each change of {@link #botFailures}. */
  public static final String BOT_FAILURES = "bf";

  public Key index() {
    return new Key(tag + "ix");
  }

  /** Verdicts of an hour (hours since 1970-01-01T00Z). */
  public Key verdicts(long hour) {
    return new Key(tag + "v:" + hour);
  }

  /** The stream of live views; exists only while somebody listens. */
  public Key events() {
    return new Key(tag + "e");
  }

  /** Which endpoint has events of which conversation to get, by when. */
  public Key eventsDue() {
    return new Key(tag + "eo");
  }

  /** The events of one conversation that one endpoint has not got. */
  public Key eventRows(String endpoint, Conversation.Id id) {
    return new Key(tag + "er:" + endpoint + ":" + id);
  }

  public Key eventAttempts() {
    return new Key(tag + "ea");
  }

  public Key eventLetters() {
    return new Key(tag + "el");
  }

  /** Field of {@link #gauges()}: customers with a row. */
  public static final String CUSTOMERS = "customers";

  /** Field of {@link #gauges()}: the dead letters of the workspace. */
  public static final String DEAD_LETTERS = "deadLetters";

  /** Field of {@link #gauges()}: the dead letters of one channel. */
  public static String deadLettersOf(String channel) {
    return DEAD_LETTERS + ':' + channel;
  }

  /** Field of {@link #gauges()}: the dead letters that are timers. */
  public static final String DEAD_TIMERS = "deadTimers";

  /** Messages and timers that were given up; the fields of messages have a space. */
  public Key deadLetters() {
    return new Key(tag + "dl");
  }

  /** The channel wake-ups are published on. */
  public String wakeChannel() {
    return tag + "wake";
  }

  /** The channel of a workspace by name. */
  public static String wakeChannel(String workspace) {
    return new RedisKeys(workspace).wakeChannel();
  }
}
