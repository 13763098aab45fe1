// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.conversation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open conversations this node committed last, so that the next message of the same contact
 * needs no load; a contact that is not among them is taken for a new one. Only ever a guess:
 * whoever decides on one guards the version, the contact's pointer where none is open, and what
 * else a load would have told, and loads after all when a guard does not hold. Where guesses are
 * mostly wrong (several nodes take turns, or this one has just started) they are not made.
 *
 * <p>Thread-safe. Holds {@link #MOST} conversations, some 2 KB each; the least used go first, and
 * what any node closes goes at once.
 */
final class CommittedConversations {

  /** What a commit that closes a conversation tells all nodes, with the digest of its contact. */
  static final String CLOSED = "x:";

  /** Conversations a node keeps at most. */
  static final int MOST = 20_000;

  private final Cache<Contact, Held> held =
      Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

  private final Odds acquaintances = new Odds();
  private final Odds strangers = new Odds();

  /**
   * A conversation as it was committed, and its version after that.
   *
   * @param breaks of the store before the commit: past them another server may have that version
   *     with other contents, which no guard would show
   */
  record Held(Conversation conversation, long version, long breaks) {}

  private record Contact(String workspace, String digest) {

    static Contact of(String workspace, ContactKey contact) {
      return new Contact(workspace, contact.digest());
    }
  }

  /**
   * What a contact's next message most likely meets.
   *
   * @param held the conversation as this node committed it last, or null: none
   */
  record Guess(@Nullable Held held, Odds odds) {}

  /** A guess, or null when loading is wiser; {@code breaks}: of the store now. */
  @Nullable Guess of(String workspace, ContactKey contact, long breaks) {
    Contact key = Contact.of(workspace, contact);
    Held known = held.getIfPresent(key);
    if (known != null && known.breaks() != breaks) {
      held.invalidate(key);
      return null;
    }
    Odds odds = known == null ? strangers : acquaintances;
    return odds.worthIt() ? new Guess(known, odds) : null;
  }

  /**
   * Takes note of a commit; a conversation that its contact's pointer no longer names goes.
   *
   * @param breaks of the store before it was committed
   */
  void committed(String workspace, Conversation conversation, long version, long breaks) {
    Contact contact = Contact.of(workspace, conversation.contact());
    if (conversation.stage() != Conversation.Stage.CLOSED) {
      held.put(contact, new Held(conversation, version, breaks));
      return;
    }
    Held present = held.getIfPresent(contact);
    if (present != null && present.conversation().id().equals(conversation.id())) {
      held.invalidate(contact);
    }
  }

  /**
   * The store was away: what came back may be older, and a counter that went back and rose again
   * would not show it.
   */
  private void forgetAll() {
    held.invalidateAll();
  }

  /**
   * Takes note of what commits of all nodes told: what is closed goes, whoever closed it, so that
   * none of it stays here until 20,000 others have come, long after it was erased.
   */
  void heard(String workspace, Set<String> topics) {
    for (String topic : topics) {
      if (topic.equals("*")) {
        forgetAll();
      } else if (topic.startsWith(CLOSED)) {
        held.invalidate(new Contact(workspace, topic.substring(CLOSED.length())));
      }
    }
  }

  /** How many are kept now. */
  long size() {
    held.cleanUp();
    return held.estimatedSize();
  }

  /** Another node was here: the next message of this contact loads. */
  void forget(String workspace, ContactKey contact) {
    held.invalidate(Contact.of(workspace, contact));
  }
}
