// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.socket;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;

/** Why the gateway ends a socket; the codes of RFC 6455 §7.4 and of the public contract. */
public enum CloseCode {
  GOING_AWAY(1001, "going away"),
  PROTOCOL(1002, "not the protocol"),
  TEXT_ONLY(1003, "text frames only"),
  POLICY(1008, "too many frames"),
  TOO_BIG(1009, "too big"),
  FAILED(1011, "internal error"),
  OVERLOADED(1013, "overloaded"),
  HEARTBEAT_LOST(1001, "heartbeat lost"),
  UNAUTHORISED(4401, "unauthorised"),
  REPLACED(4409, "replaced");

  private final short code;
  private final String reason;

  CloseCode(int code, String reason) {
    this.code = (short) code;
    this.reason = reason;
  }

  /** What a frame that could not be read ends the socket with. */
  static CloseCode of(Throwable failure) {
    if (failure instanceof CorruptedWebSocketFrameException corrupted) {
      return corrupted.closeStatus().code() == TOO_BIG.code ? TOO_BIG : PROTOCOL;
    }
    return failure instanceof DecoderException ? PROTOCOL : FAILED;
  }

  /** The number in the close frame. */
  public short code() {
    return code;
  }

  /** The words in the close frame. */
  public String reason() {
    return reason;
  }
}
