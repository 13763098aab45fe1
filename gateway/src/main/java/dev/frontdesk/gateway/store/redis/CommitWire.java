// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitCheck;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a commit looks like on its way to Redis, for who measures it without a gateway around it.
 * The store itself goes the same way: {@link CommitCheck}, {@link CommitScript}, {@link
 * ScriptArgs}. Each shape has its script from the first commit on, as it has in a gateway that runs
 * for a while. Not thread-safe.
 */
public final class CommitWire {

  private final CommitShapes shapes = new CommitShapes(1, Integer.MAX_VALUE);
  private final Map<String, String> scripts = new LinkedHashMap<>();

  /**
   * Appends the arguments of {@code EVALSHA} as bulk strings of RESP: the script's digest, the
   * number of keys, the keys, the arguments.
   *
   * @param epoch the store epoch that the commit names as its first guard
   * @throws IllegalArgumentException if the store would refuse the commit before sending it
   */
  public void encode(Commit commit, String epoch, ByteBuf out) {
    CommitCheck.check(commit);
    ScriptCall call = CommitScript.call(commit, epoch, shapes);
    scripts.putIfAbsent(call.script().sha(), call.script().text());
    new ScriptArgs(call.script().sha(), call).encode(out);
  }

  /** The texts of the scripts of what was encoded, to load them with. */
  public List<String> scripts() {
    return List.copyOf(scripts.values());
  }
}
