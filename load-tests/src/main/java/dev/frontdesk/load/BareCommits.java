// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.conversation.Workspace;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.redis.CommitWire;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * The commits of an intake without the gateway: one {@code EVALSHA} for each message, with the keys
 * and arguments that the gateway sends.
 *
 * <p>The same: the scripts; guards, rows and their order, made by the product's own rules and
 * writers ({@link OfflineIntake}) for conversations of up to 48 messages with the texts of {@link
 * IntakeTraffic}; one message in four opens a conversation, the others go on in one of the first
 * 10,000 at random; every message, contact and conversation has ids of its own, so keys spread as
 * they do; the version guard is the one of that very conversation and must hold; durability, for it
 * is the same Redis (another workspace of it, so another tag).
 *
 * <p>Left out: our HTTP edge, verifying, decoding, deciding, encoding (arguments are copied from
 * templates, only ids and the time of the decision are put in), the lanes, the load of a contact
 * that is not in the node's memory, several messages of one contact in one commit, and everything
 * that goes on beside intake: offers, timers, wake-ups that somebody hears, metrics. Deadlines and
 * the times inside of rows are those of the templates, and a conversation that has had its 48
 * messages is left for a new one.
 *
 * <p>One for each event loop and its connection: commits of one conversation are sent in order.
 */
final class BareCommits {

  private static final String WORKSPACE = "bare";
  private static final String EPOCH = "1-bare";

  /** Conversations that are played once; one of them begins urgent. */
  private static final int CHAINS = 9;

  private static final int MESSAGES = 48;
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final int DIGEST_LENGTH = 16;

  private final StatefulRedisConnection<String, String> redis;
  private final List<List<CommitTemplate>> chains = new ArrayList<>();
  private final Random random = new Random();
  private final int most;
  private final int dedupeBuckets;
  private final int bucketWidth;
  private final List<Talk> talks = new ArrayList<>();
  private int number;
  private int opened;

  /** A conversation that goes on. */
  private static final class Talk {
    final int chain;
    final String conversation;
    final String contact;
    final String contactDigest;
    int messages;

    Talk(int chain, String conversation, String contact, String contactDigest) {
      this.chain = chain;
      this.conversation = conversation;
      this.contact = contact;
      this.contactDigest = contactDigest;
    }
  }

  /** On a connection of one of {@code loops} event loops. Loads the script; blocks meanwhile. */
  BareCommits(StatefulRedisConnection<String, String> redis, int loops) {
    this.redis = redis;
    this.most = Math.max(1, IntakeTraffic.CONTACTS / loops);
    Workspace workspace = OfflineIntake.configured(WORKSPACE);
    this.dedupeBuckets = workspace.config().conversations().dedupeBuckets();
    this.bucketWidth = Integer.toString(dedupeBuckets - 1).length();
    CommitWire wire = new CommitWire();
    for (int chain = 0; chain < CHAINS; chain++) {
      chains.add(played(wire, chain));
    }
    for (String script : wire.scripts()) {
      String loaded = redis.sync().scriptLoad(script);
      assert loaded.length() == 40;
    }
    String set = redis.sync().set(new RedisKeys(WORKSPACE).epoch().name(), EPOCH);
    assert set.equals("OK");
  }

  /** The commits of one conversation from its opening on. */
  private List<CommitTemplate> played(CommitWire wire, int chain) {
    Random texts = new Random(chain);
    OfflineIntake intake = new OfflineIntake(WORKSPACE, Clock.systemUTC().instant(), chain);
    String contact = contact(chain);
    List<CommitTemplate> templates = new ArrayList<>();
    int id = 0;
    for (int i = 0; i < MESSAGES; i++) {
      id = nextOfFullWidth(id + 1);
      String text = IntakeTraffic.text(i == 0 ? chain : 1 + texts.nextInt(9), texts);
      Conversation.Id conversation = intake.store(contact, message(id), text);
      templates.add(
          CommitTemplate.of(
              wire,
              intake.commit(),
              EPOCH,
              CommitTemplate.Ids.of(
                  WORKSPACE,
                  conversation.value(),
                  contact,
                  message(id),
                  intake.now(),
                  dedupeBuckets)));
    }
    return templates;
  }

  private int nextOfFullWidth(int from) {
    int id = from;
    while (!hasFullWidth(ContactKey.digestOf(LoadConfig.CHANNEL + '\n' + message(id)))) {
      id++;
    }
    return id;
  }

  /**
   * Whether the number of its bucket has as many digits as most have: a template has one length.
   */
  private boolean hasFullWidth(String digest) {
    return Integer.toString(LoadRequest.bucketOf(digest, dedupeBuckets)).length() == bucketWidth;
  }

  /** Sends the commit of the next message; fails when it did not take effect. */
  CompletionStage<List<Object>> next() {
    Talk talk = talk(IntakeTraffic.opens(++number, opened));
    CommitTemplate template = chains.get(talk.chain).get(talk.messages++);
    String digest = digest();
    Instant now = Clock.systemUTC().instant();
    CommitTemplate.Ids ids =
        new CommitTemplate.Ids(
            talk.conversation,
            talk.contact,
            talk.contactDigest,
            message(number),
            digest,
            CommitTemplate.Ids.hashes(WORKSPACE, digest, now, dedupeBuckets),
            Long.toString(now.toEpochMilli()));
    return redis
        .async()
        .dispatch(
            CommandType.EVALSHA,
            new NestedMultiOutput<>(StringCodec.UTF8),
            new Arguments(template, ids))
        .thenApply(BareCommits::done);
  }

  private static List<Object> done(List<Object> answer) {
    if (!"ok".equals(answer.get(0))) {
      throw new IllegalStateException("the commit was answered " + answer);
    }
    return answer;
  }

  private Talk talk(boolean opens) {
    int at = talks.isEmpty() ? 0 : random.nextInt(talks.size());
    if (!opens && talks.get(at).messages < MESSAGES) {
      return talks.get(at);
    }
    String contactDigest = digest();
    Talk talk =
        new Talk(
            opened % CHAINS,
            contactDigest.substring(0, 8) + text(Conversation.Id.LENGTH - 8),
            contact(opened),
            contactDigest);
    opened++;
    if (talks.size() < most) {
      talks.add(talk);
    } else if (!opens) {
      talks.set(at, talk);
    }
    return talk;
  }

  private String digest() {
    String digest = text(DIGEST_LENGTH);
    while (!hasFullWidth(digest)) {
      digest = text(DIGEST_LENGTH);
    }
    return digest;
  }

  private String text(int length) {
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = DIGITS.charAt(random.nextInt(DIGITS.length()));
    }
    return new String(text);
  }

  private static String contact(int number) {
    return numbered('n', number);
  }

  private static String message(int number) {
    return numbered('m', number);
  }

  /** A letter and nine digits. */
  private static String numbered(char letter, int number) {
    char[] text = new char[10];
    int rest = number;
    for (int i = text.length - 1; i > 0; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    text[0] = letter;
    return new String(text);
  }

  /** The arguments of one call, copied when they are written to the connection. */
  private static final class Arguments extends CommandArgs<String, String> {
    private final CommitTemplate template;
    private final CommitTemplate.Ids ids;

    Arguments(CommitTemplate template, CommitTemplate.Ids ids) {
      super(StringCodec.UTF8);
      this.template = template;
      this.ids = ids;
    }

    @Override
    public int count() {
      return template.count();
    }

    @Override
    public void encode(ByteBuf out) {
      template.encode(ids, out);
    }
  }
}
