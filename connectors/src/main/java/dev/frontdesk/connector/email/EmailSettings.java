// SPDX-License-Identifier: Apache-2.0
package dev.frontdesk.connector.email;

import dev.frontdesk.config.Default;
import dev.frontdesk.config.Doc;
import dev.frontdesk.config.Later;
import dev.frontdesk.config.OneOf;
import dev.frontdesk.config.Secret;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings of {@code email}. */
public record EmailSettings(
    @Doc("The mailbox customers write to; what is sent comes from it.") String address,
    @Doc("How mail comes in: one kind.") Inbound inbound,
    @Nullable @Doc("How mail goes out; absent: nothing can be sent.") Outbound outbound,
    @Default("true")
        @Doc("Whether mail to local+anything@domain reaches the mailbox; false: it does not.")
        boolean plusAddressing) {

  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z0-9._-]{1,30}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");

  /** A longer local part would leave no room for a token in it (64 characters, RFC 5321). */
  public EmailSettings {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException(
          "address is not usable, expected local@domain of letters, digits, . _ - with at most 30"
              + " before the @");
    }
  }

  /** {@code inbound}. */
  @Later(key = "imap", instead = "let the provider post to a webhook (postmark)")
  @Later(key = "smtp", instead = "let the provider post to a webhook (postmark)")
  @Later(key = "mailgun", instead = "use postmark")
  @Later(key = "sendgrid", instead = "use postmark")
  @Later(key = "ses", instead = "use postmark")
  public record Inbound(@Doc("Postmark posts each mail as JSON.") Postmark postmark) {}

  /** {@code inbound.postmark}. */
  public record Postmark(
      @Doc("User of HTTP Basic in the webhook's address.") String username,
      @Doc("Its password; a list while it is changed. Also signs thread tokens.")
          Secret password) {}

  /** {@code outbound}. */
  public record Outbound(@Doc("The server that takes our mail.") Smtp smtp) {}

  /** {@code outbound.smtp}. */
  @Later(key = "dkim", instead = "let the SMTP server sign")
  public record Smtp(
      @Doc("Host name of the server.") String host,
      @Default("587") @Doc("Its port.") int port,
      @Nullable @Doc("User, absent: no authentication.") String username,
      @Nullable @Doc("Its password.") Secret password,
      @Default("starttls")
          @OneOf({"starttls", "implicit", "none", "true", "false"})
          @Doc("starttls (or true): required before anything else; implicit; none (or false).")
          String tls) {

    /** Refuses half an account. */
    public Smtp {
      if ((username == null) != (password == null)) {
        throw new IllegalArgumentException(
            "only one of username and password is set, expected both or none");
      }
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException("port is " + port + ", expected 1 to 65535");
      }
    }

    boolean startsTls() {
      return tls.equals("starttls") || tls.equals("true");
    }
  }
}
