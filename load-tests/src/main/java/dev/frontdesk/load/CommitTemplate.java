// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.load;

import dev.frontdesk.gateway.domain.ContactKey;
import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.Key;
import dev.frontdesk.gateway.store.LoadRequest;
import dev.frontdesk.gateway.store.RedisKeys;
import dev.frontdesk.gateway.store.redis.CommitWire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments of one commit that the product made, as bytes, with the places where its ids stand:
 * of the conversation, the contact and the message, the digests and dedupe hashes made of these,
 * and the time. Written with others of the same length it is the commit of another message, at the
 * price of copying it. Immutable.
 */
final class CommitTemplate {

  private final byte[] bytes;
  private final int count;
  private final List<Place> places;

  private CommitTemplate(byte[] bytes, int count, List<Place> places) {
    this.bytes = bytes;
    this.count = count;
    this.places = List.copyOf(places);
  }

  /**
   * Everything that differs between two commits of one template, in ASCII; each has one length.
   *
   * @param contact the platform's id of the contact
   * @param contactDigest what stands for it in keys
   * @param message the platform's id of the message
   * @param messageDigest what it is deduplicated by
   * @param hashes keys of the dedupe hashes that digest may stand in
   * @param now the time of the decision, ms
   */
  record Ids(
      String conversation,
      String contact,
      String contactDigest,
      String message,
      String messageDigest,
      List<String> hashes,
      String now) {

    /** Those of a message that was stored by a commit. */
    static Ids of(
        String workspace,
        String conversation,
        String contact,
        String message,
        Instant now,
        int dedupeBuckets) {
      String channel = LoadConfig.CHANNEL;
      String digest = ContactKey.digestOf(channel + '\n' + message);
      return new Ids(
          conversation,
          contact,
          new ContactKey(channel, contact, null).digest(),
          message,
          digest,
          hashes(workspace, digest, now, dedupeBuckets),
          Long.toString(now.toEpochMilli()));
    }

    /** Keys of the dedupe hashes of a digest. */
    static List<String> hashes(String workspace, String digest, Instant now, int dedupeBuckets) {
      return new RedisKeys(workspace)
          .dedupeHashes(now, LoadRequest.bucketOf(digest, dedupeBuckets)).stream()
              .map(Key::name)
              .toList();
    }

    private Map<String, Integer> numbered() {
      Map<String, Integer> all = new LinkedHashMap<>();
      List<String> parts = parts();
      for (int i = 0; i < parts.size(); i++) {
        all.put(parts.get(i), i);
      }
      if (all.size() != parts.size()) {
        throw new IllegalArgumentException("two of the ids are the same: " + parts);
      }
      return all;
    }

    private List<String> parts() {
      List<String> parts = new ArrayList<>(hashes);
      parts.addAll(List.of(conversation, contactDigest, messageDigest, contact, message, now));
      return parts;
    }
  }

  /** Where a part of the ids stands. */
  private record Place(int at, int part) {}

  /** Of a commit and the ids in it; {@code epoch}: what its first guard names. */
  static CommitTemplate of(CommitWire wire, Commit commit, String epoch, Ids ids) {
    ByteBuf out = Unpooled.buffer();
    wire.encode(commit, epoch, out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    // one character a byte, so that places in the text are places in the bytes
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<Place> places = new ArrayList<>();
    for (Map.Entry<String, Integer> part : ids.numbered().entrySet()) {
      for (int at = text.indexOf(part.getKey()); at >= 0; ) {
        places.add(new Place(at, part.getValue()));
        at = text.indexOf(part.getKey(), at + part.getKey().length());
      }
    }
    return new CommitTemplate(bytes, counted(bytes), places);
  }

  /** How many bulk strings there are, by walking over them. */
  private static int counted(byte[] bytes) {
    int count = 0;
    for (int at = 0; at < bytes.length; count++) {
      int length = 0;
      for (at++; bytes[at] != '\r'; at++) {
        length = 10 * length + bytes[at] - '0';
      }
      at += 2 + length + 2;
    }
    return count;
  }

  /** How many arguments there are. */
  int count() {
    return count;
  }

  /** Bytes of all arguments. */
  int length() {
    return bytes.length;
  }

  /** Appends the commit with these ids in their places. */
  void encode(Ids ids, ByteBuf out) {
    int from = out.writerIndex();
    out.writeBytes(bytes);
    List<String> parts = ids.parts();
    for (Place place : places) {
      out.setCharSequence(from + place.at(), parts.get(place.part()), StandardCharsets.US_ASCII);
    }
  }
}
