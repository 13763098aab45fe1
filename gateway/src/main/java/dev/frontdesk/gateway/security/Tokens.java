// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.security;

import dev.frontdesk.config.FrontdeskConfig;
import dev.frontdesk.config.Secret;
import dev.frontdesk.gateway.security.Principal.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which token stands for whom. Only digests are kept, and a digest is compared in constant time, so
 * that neither a heap dump nor the time an answer takes tells a token. Every value of a secret with
 * several is accepted (rotation). Thread-safe: a reload replaces all at once.
 */
public final class Tokens {

  /** Longer ones are refused unread. */
  private static final int MAX_LENGTH = 1_024;

  private volatile Map<ByteBuffer, Entry> byDigest;

  private static final class Entry {
    private final byte[] digest;
    private final Principal principal;

    Entry(byte[] digest, Principal principal) {
      this.digest = digest;
      this.principal = principal;
    }
  }

  /** The tokens of all agents and bots, by workspace id. */
  public Tokens(Map<String, FrontdeskConfig.Workspace> workspaces) {
    byDigest = index(workspaces);
  }

  /** Puts the tokens of a new configuration in force. */
  public void replace(Map<String, FrontdeskConfig.Workspace> workspaces) {
    byDigest = index(workspaces);
  }

  /** Whoever presents this token. */
  public Optional<Principal> find(String token) {
    if (token.isEmpty() || token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    byte[] digest = digest(token);
    Entry entry = byDigest.get(ByteBuffer.wrap(digest));
    return entry != null && MessageDigest.isEqual(entry.digest, digest)
        ? Optional.of(entry.principal)
        : Optional.empty();
  }

  private static Map<ByteBuffer, Entry> index(Map<String, FrontdeskConfig.Workspace> workspaces) {
    Map<ByteBuffer, Entry> index = new HashMap<>();
    workspaces.forEach(
        (workspace, config) -> {
          config
              .agents()
              .forEach(
                  (id, agent) ->
                      add(
                          index,
                          agent.token(),
                          new Principal(
                              workspace, Role.valueOf(agent.role().toUpperCase(Locale.ROOT)), id)));
          config
              .bots()
              .forEach(
                  (id, bot) -> add(index, bot.token(), new Principal(workspace, Role.BOT, id)));
        });
    return Map.copyOf(index);
  }

  private static void add(Map<ByteBuffer, Entry> index, Secret secret, Principal principal) {
    for (String token : secret.all()) {
      byte[] digest = digest(token);
      index.put(ByteBuffer.wrap(digest), new Entry(digest, principal));
    }
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
