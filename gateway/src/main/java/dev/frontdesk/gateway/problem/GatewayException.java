// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.gateway.problem;

/**
 * An expected failure on its way to a client. The message says what was found and what was
 * expected; never a secret or message text.
 */
public final class GatewayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The closed set; {@code ErrorMapper} alone turns it into HTTP. */
  public enum Kind {
    MALFORMED(400),
    UNAUTHENTICATED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    CONFLICT(409),
    GONE(410),
    TOO_LARGE(413),
    UNPROCESSABLE(422),
    OVER_CAPACITY(429),
    UNAVAILABLE(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    public int status() {
      return status;
    }
  }

  private final Kind kind;
  private final String code;

  /**
   * A failure of one kind.
   *
   * @param code the last part of {@code urn:frontdesk:problem:<code>}: {@code not-owner}
   */
  public GatewayException(Kind kind, String code, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.code = code;
  }

  public Kind kind() {
    return kind;
  }

  public String code() {
    return code;
  }
}
