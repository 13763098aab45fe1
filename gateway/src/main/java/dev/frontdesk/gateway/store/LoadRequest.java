// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.domain.Conversation;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to read in one round trip. Exactly one of contact and conversation is set.
 *
 * @param digests dedupe digests to look up over the last 8 days
 * @param parkedFor digests of event keys whose waiting events to fetch
 * @param dedupeBuckets hashes per period; a digest's bucket is its hash modulo this
 * @param customer whether to read what is known about the contact's customer
 */
public record LoadRequest(
    String workspace,
    @Nullable ContactKey contact,
    Conversation.@Nullable Id conversation,
    List<String> digests,
    List<String> parkedFor,
    int dedupeBuckets,
    boolean customer) {

  /** Without the customer. */
  public LoadRequest(
      String workspace,
      @Nullable ContactKey contact,
      Conversation.@Nullable Id conversation,
      List<String> digests,
      List<String> parkedFor,
      int dedupeBuckets) {
    this(workspace, contact, conversation, digests, parkedFor, dedupeBuckets, false);
  }

  /** How far back an event is recognised at least. */
  public static final Duration DEDUPE_TIME = Duration.ofDays(8);

  /** The bucket of a digest; the same on every node and version. */
  public static int bucketOf(String digest, int buckets) {
    return Math.floorMod(digest.hashCode(), buckets);
  }
}
