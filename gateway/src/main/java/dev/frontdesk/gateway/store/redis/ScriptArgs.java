// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.store.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;

/**
 * The arguments of EVALSHA or EVAL, written straight into the connection's buffer. (Lettuce's own
 * arguments take a buffer each, some sixty for a commit.)
 */
final class ScriptArgs extends CommandArgs<String, String> {

  private static final int CRLF = ('\r' << 8) | '\n';

  private final String script;
  private final ScriptCall call;

  /** {@code script}: its digest for EVALSHA, its text for EVAL. */
  ScriptArgs(String script, ScriptCall call) {
    super(StringCodec.UTF8);
    this.script = script;
    this.call = call;
  }

  @Override
  public int count() {
    return 2 + call.keys().length + call.arguments().length;
  }

  /** Tells a cluster's client where to send it. */
  @Override
  public ByteBuffer getFirstEncodedKey() {
    return StringCodec.UTF8.encodeKey(call.keys()[0]);
  }

  @Override
  public void encode(ByteBuf out) {
    bulk(out, script);
    bulk(out, Integer.toString(call.keys().length));
    for (String key : call.keys()) {
      bulk(out, key);
    }
    for (String argument : call.arguments()) {
      bulk(out, argument);
    }
  }

  /** A bulk string of RESP: its length in bytes, then UTF-8. */
  private static void bulk(ByteBuf out, String text) {
    int length = ByteBufUtil.utf8Bytes(text);
    out.writeByte('$');
    number(out, length);
    out.writeShort(CRLF);
    ByteBufUtil.reserveAndWriteUtf8(out, text, length);
    out.writeShort(CRLF);
  }

  /** Digits, as they are: a commit has a hundred lengths, and a text for each was half its cost. */
  private static void number(ByteBuf out, int number) {
    int divisor = 1;
    while (number / divisor >= 10) {
      divisor *= 10;
    }
    for (int left = number; divisor > 0; divisor /= 10) {
      out.writeByte('0' + left / divisor);
      left %= divisor;
    }
  }
}
