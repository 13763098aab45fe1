// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import dev.frontdesk.gateway.store.Commit;
import dev.frontdesk.gateway.store.CommitCheck;
import io.netty.buffer.ByteBuf;

/**
 * What a commit looks like on its way to Redis, for who measures it without a gateway around it.
 * The store itself goes the same way: {@link CommitCheck}, {@link CommitScript}, {@link
 * ScriptArgs}. Stateless.
 */
public final class CommitWire {

  private CommitWire() {}

  /**
   * Appends the arguments of {@code EVALSHA} as bulk strings of RESP: the script's digest, the
   * number of keys, the keys, the arguments.
   *
   * @param epoch the store epoch that the commit names as its first guard
   * @throws IllegalArgumentException if the store would refuse the commit before sending it
   */
  public static void encode(Commit commit, String epoch, ByteBuf out) {
    CommitCheck.check(commit);
    new ScriptArgs(CommitScript.SCRIPT.sha(), CommitScript.call(commit, epoch)).encode(out);
  }

  /** The text of the script, to load it with. */
  public static String script() {
    return CommitScript.SCRIPT.text();
  }
}
